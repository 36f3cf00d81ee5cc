import redis
import redis.asyncio as aioredis

client = redis.Redis(host="localhost", password=load_password())  # expect: sink(credential)
pool = aioredis.from_url("redis://localhost")


def remember(user, question, answer):
    found = client.get(f"{user}:{question}")  # expect: cache-read, sink(cache-key), source(retrieved)
    client.set(f"{user}:{question}", answer, ex=60)  # expect: cache-write, sink(cache-key), sink(cache-value)
    client.setex(question, 60, answer)  # expect: cache-write, sink(cache-key), sink(cache-value)
    client.hset(user, "last", answer)  # expect: cache-write, sink(cache-key), sink(cache-value)
    client.rpush(user, answer)  # expect: cache-write, sink(cache-key), sink(cache-value)
    client.eval("return 1", 0)  # expect: sink(code-execution)
    client.expire(question, 60)
    client.delete(question)
    return found


async def remember_async(user):
    async with pool.pipeline() as pipe:
        await pipe.get(user)  # expect: cache-read, sink(cache-key), source(retrieved)
        await pipe.execute()
