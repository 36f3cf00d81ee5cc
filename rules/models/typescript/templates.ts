import { Template } from "@huggingface/jinja";
import { Eta } from "eta";
import Handlebars from "handlebars";
import { Liquid } from "liquidjs";
import Mustache from "mustache";
import nunjucks from "nunjucks";

export async function fill(name: string) {
  const a = Handlebars.compile("Say {{name}}")({ name });
  const b = Mustache.render("Say {{name}}", { name });
  const c = nunjucks.renderString("Say {{ name }}", { name });
  const d = await new Liquid().parseAndRender("Say {{ name }}", { name });
  const e = new Template("Say {{ name }}").render({ name });
  const f = await new Eta({ views: "prompts" }).renderAsync("ask", { name }); // expect: prompt-load
  return [a, b, c, d, e, f];
}
