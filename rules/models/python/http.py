from selenium import webdriver
import urllib.request

import aiohttp
import httpx
import requests
import urllib3

session = requests.Session()
client = httpx.AsyncClient(base_url="https://api.example.com", timeout=10)


def plain(url, token):
    first = requests.post(  # expect: http, source(retrieved)
        url,  # expect: sink(url)
        json={"a": 1},
        headers={"Authorization": token},  # expect: sink(credential)
        timeout=10,
    )
    second = session.request("GET", url)  # expect: http, sink(url), source(retrieved)
    third = httpx.get(url)  # expect: http, sink(url), source(retrieved)
    fourth = urllib3.PoolManager().request("GET", url)  # expect: http, sink(url), source(retrieved)
    with urllib.request.urlopen(urllib.request.Request(url), timeout=5) as response:  # expect: http, sink(url), source(retrieved)
        text = response.read()
    requests.utils.quote(url)
    return first, second, third, fourth, text


async def other(url):
    async with client.stream("POST", url) as response:  # expect: http, sink(url), source(retrieved)
        await response.aread()
    async with aiohttp.ClientSession() as http:
        async with http.post(url, json={}) as response:  # expect: http, sink(url), source(retrieved)
            text = await response.text()
        await http.request("GET", url)  # expect: http, sink(url), source(retrieved)
    await client.aclose()
    return text


def browse(url):
    webdriver.Chrome().get(url)  # expect: sink(url)
