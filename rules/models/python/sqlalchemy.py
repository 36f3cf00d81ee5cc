import clickhouse_connect
from IPython import get_ipython
import asyncpg
import pandas
import psycopg
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app.models import Note

engine = create_engine("sqlite://")


def run(query):
    with engine.connect() as connection:
        connection.execute(text(query))  # expect: sink(sql)
    with psycopg.connect("dbname=demo") as other:
        other.cursor().execute(query, ())  # expect: sink(sql)
    clickhouse_connect.get_client(host="warehouse").query(query)  # expect: sink(sql), lookup, source(retrieved)
    frame = pandas.read_sql(query, engine)  # expect: sink(sql)
    cached = pandas.read_pickle("frame.pkl")  # expect: sink(deserialization)
    rows = Session(engine).query(Note).filter(Note.id == 1).all()  # expect: lookup, sink(retrieval-filter)
    note = select(Note).where(Note.id == 1)  # expect: lookup, sink(retrieval-filter)
    return frame, rows, note, cached, pandas.eval(query), select(1)  # expect: sink(code-execution)


async def fetch(query):
    connection = await asyncpg.connect("postgresql://localhost")
    return await connection.fetch(query)  # expect: sink(sql)


def notebook(cell):
    return get_ipython().run_cell(cell)  # expect: sink(code-execution)
