import boto3
import hvac
import keyring
from azure.keyvault.secrets import SecretClient
from decouple import config
from dotenv import dotenv_values
from environs import Env
from google.cloud import secretmanager
from infisical_sdk import InfisicalSDKClient


def load(name, credential):
    env = Env()
    return [
        boto3.client("secretsmanager").get_secret_value(SecretId=name),  # expect: source(secret)
        secretmanager.SecretManagerServiceClient().access_secret_version(name=name),  # expect: source(secret)
        SecretClient("https://vault.example.com", credential).get_secret(name),  # expect: source(secret)
        hvac.Client().secrets.kv.v2.read_secret_version(path=name),  # expect: source(secret)
        dotenv_values(".env"),  # expect: source(secret)
        keyring.get_password("app", name),  # expect: source(secret)
        config("API_KEY"),  # expect: source(secret)
        env("API_KEY"),  # expect: source(secret)
        env.str("API_KEY"),  # expect: source(secret)
        InfisicalSDKClient(host="h").secrets.get_secret_by_name(name),  # expect: source(secret)
    ]
