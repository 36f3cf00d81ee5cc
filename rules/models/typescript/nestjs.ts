import { Body, Controller, Get, Logger, Module, Post, UseGuards, ValidationPipe } from "@nestjs/common";
import { APP_GUARD, NestFactory } from "@nestjs/core";
import { Query, Resolver } from "@nestjs/graphql";
import { MessagePattern } from "@nestjs/microservices";
import { AuthGuard } from "@nestjs/passport";
import { Throttle, ThrottlerGuard } from "@nestjs/throttler";
import { SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";

@Controller("chat")
export class ChatController {
  private readonly logger = new Logger("chat");

  @Post("ask")
  @UseGuards(ThrottlerGuard) // expect: control(rate-limit)
  @Throttle({ default: { limit: 5, ttl: 60_000 } }) // expect: control(rate-limit)
  ask(@Body() body: { text: string }) { // expect: entry
    this.logger.log("asked"); // expect: log, sink(log)
    return body.text;
  }

  @Get("page")
  @UseGuards(AuthGuard("jwt")) // expect: control(authentication)
  page() { // expect: entry
    return this.helper();
  }

  helper() {
    return "page";
  }
}

@WebSocketGateway()
export class Gateway {
  @SubscribeMessage("ask")
  ask(client: unknown, text: string) { // expect: entry
    return text;
  }
}

@Resolver()
export class Answers {
  @Query(() => String)
  answer(question: string) { // expect: entry
    return question;
  }

  @MessagePattern("ask")
  consume(text: string) { // expect: entry
    return text;
  }
}

export async function start(module: unknown) {
  const app = await NestFactory.create(module);
  app.useGlobalPipes(new ValidationPipe()); // expect: control(request-validation)
  await app.listen(3000);
}

@Module({
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard }, // expect: control(rate-limit)
    { provide: "CLOCK", useValue: Date },
  ],
})
export class AppModule {}
