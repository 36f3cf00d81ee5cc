import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SecretClient } from "@azure/keyvault-secrets";
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { createEnv } from "@t3-oss/env-nextjs";
import { get } from "env-var";
import vault from "node-vault";

const env = createEnv({ server: {}, runtimeEnv: {} });

export async function load(name: string, credential: never) {
  const a = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: name })); // expect: source(secret)
  const [b] = await new SecretManagerServiceClient().accessSecretVersion({ name }); // expect: source(secret)
  const c = await new SecretClient("https://vault.example.com", credential).getSecret(name); // expect: source(secret)
  const d = await vault({}).read(name); // expect: source(secret)
  const e = get("API_KEY").asString(); // expect: source(secret)
  const f = env.API_KEY; // expect: source(secret)
  return [a, b, c, d, e, f];
}
