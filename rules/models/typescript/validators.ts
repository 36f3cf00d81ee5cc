import { TypeCompiler } from "@sinclair/typebox/compiler";
import { Value } from "@sinclair/typebox/value";
import Ajv from "ajv";
import { type } from "arktype";
import { MaxLength, validateOrReject } from "class-validator";
import { body, validationResult } from "express-validator";
import Joi from "joi";
import * as v from "valibot";
import * as yup from "yup";

const Text = v.object({ text: v.pipe(v.string(), v.maxLength(500)) }); // expect: control(input-limit)
const Note = yup.object({ text: yup.string().required().max(500) }); // expect: control(input-limit)
const Mail = Joi.object({ text: Joi.string().max(500) }); // expect: control(input-limit)
const Name = type({ name: "string <= 80" });
const ajv = new Ajv();

export class Question {
  @MaxLength(300) // expect: control(input-limit)
  text = "";
}

export const rules = [body("text").isString().isLength({ max: 400 })]; // expect: control(input-limit)

export async function check(input: unknown, request: Request) {
  const text = v.safeParse(Text, input); // expect: control(request-validation)
  const note = await Note.validate(input); // expect: control(request-validation)
  const mail = Mail.validate(input); // expect: control(request-validation)
  const run = ajv.compile({ type: "object" }); // expect: control(request-validation)
  const right = Value.Check({ type: "string" } as never, input); // expect: control(request-validation)
  const compiled = TypeCompiler.Compile({ type: "string" } as never); // expect: control(request-validation)
  const name = Name(input); // expect: control(request-validation)
  await validateOrReject(new Question()); // expect: control(request-validation)
  const errors = validationResult(request); // expect: control(request-validation)
  return [text, note, mail, run, right, compiled, name, errors];
}
