from fastmcp import FastMCP as Fast
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.middleware.rate_limiting import RateLimitingMiddleware
from mcp import ClientSession
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.lowlevel import Server

mcp = FastMCP("demo")
fast = Fast("demo", auth=JWTVerifier(jwks_uri="https://example.com/jwks"))  # expect: control(authentication)
fast.add_middleware(RateLimitingMiddleware(max_requests_per_second=5))  # expect: control(rate-limit)
server = Server("demo")


@mcp.tool(description="Adds.")  # expect: tool, sink(tool-description)
async def add(a: int, b: int, ctx: Context) -> int:  # expect: entry
    await ctx.elicit(message="Go on?", schema=Answer)  # expect: control(approval)
    await ctx.session.create_message(messages=[a], max_tokens=100)  # expect: llm, sink(messages), source(model-output)
    return a + b


@mcp.resource("notes://{name}")
def note(name: str) -> str:  # expect: entry
    return name


@mcp.custom_route("/health", methods=["GET"])
async def health(request):  # expect: entry
    return None


@server.call_tool()
async def call(name, arguments):  # expect: entry
    return []


@server.list_tools()
async def tools():
    return []


async def use(session: ClientSession):
    await session.initialize()
    return await session.call_tool("add", {"a": 1, "b": 2})  # expect: source(retrieved)
