from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, StringConstraints, TypeAdapter
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: SecretStr
    region: str = "eu"


class Ask(BaseModel):
    question: str = Field(min_length=1, max_length=2000)  # expect: control(input-limit)
    title: Annotated[str, StringConstraints(max_length=80)]  # expect: control(input-limit)
    page: int = Field(default=1)


settings = Settings()
adapter = TypeAdapter(list[Ask])


def parse(body):
    asked = Ask.model_validate(body)  # expect: control(request-validation)
    many = adapter.validate_python(body)  # expect: control(request-validation)
    data = Ask(question="a", title="b").model_dump()
    return many, data, settings.api_key, settings.region  # expect: source(secret)


def open_secret(secret: SecretStr):
    return secret.get_secret_value()  # expect: source(secret)
