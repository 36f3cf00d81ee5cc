import express, { Router, type Request, type RequestHandler, type Response } from "express";
import bodyParser from "body-parser";

const app = express();
const router = Router();

app.use(express.json({ limit: "32kb" })); // expect: control(input-limit)
app.use(bodyParser.urlencoded({ extended: false, limit: "8kb" })); // expect: control(input-limit)
app.param("id", (req, res, next) => next());
app.all("/admin/*", (req, res, next) => next()); // expect: entry

app.post("/chat", (req: Request, res: Response) => { // expect: entry
  const text = req.body.text; // expect: source(untrusted)
  const token = req.get("authorization"); // expect: source(headers)
  res.status(200).json({ // expect: sink(response)
    text,
    known: Boolean(token && req.headers.cookie), // expect: source(headers)
  });
});

router.get("/files/:name", async function download(req, res) { // expect: entry
  res.sendFile(req.params.name); // expect: sink(file-path), source(untrusted)
});

router.route("/history").get(history);

function history(req: Request, res: Response) { // expect: entry
  res.set("x-user", String(req.user)); // expect: source(principal)
  res.send(req.query.since); // expect: sink(response), source(untrusted)
}

router.ws("/live", async (socket, req) => { // expect: entry
  socket.send(req.params.room); // expect: source(untrusted)
});

app.use("/api", router);
app.listen(3000);

// A handler that is declared before it is a route's.
export const later: RequestHandler = (request, response) => {
  response.send(request.body); // expect: sink(response), source(untrusted)
};
