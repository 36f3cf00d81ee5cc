from chatkit.server import ChatKitServer


class Desk(ChatKitServer):
    async def respond(self, thread, message, context):  # expect: entry
        yield message

    def title(self, thread):
        return thread


class Kiosk(ChatKitServer[dict[str, str]]):
    async def respond(self, thread, message, context):  # expect: entry
        yield message
