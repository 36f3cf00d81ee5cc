import { Sandbox } from "@e2b/code-interpreter";
import { Sandbox as VercelSandbox } from "@vercel/sandbox";
import { getQuickJS } from "quickjs-emscripten";

export async function run(code: string) {
  const box = await Sandbox.create();
  await box.runCode(code); // expect: control(sandbox)
  await box.commands.run(code); // expect: control(sandbox)
  const other = await VercelSandbox.create();
  await other.runCommand("node", ["-e", code]); // expect: control(sandbox)
  const quick = await getQuickJS();
  return quick.newContext().evalCode(code); // expect: control(sandbox)
}
