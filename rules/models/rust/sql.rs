async fn load(pool: &sqlx::PgPool, id: i64, order: &str) -> sqlx::Result<()> {
    let rows = sqlx::query("select text from notes where id = $1").bind(id).fetch_all(pool).await?; // expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
    let text = format!("select text from notes order by {order}");
    sqlx::raw_sql(&text).execute(pool).await?; // expect: sink(sql)
    drop(rows);
    Ok(())
}

fn diesel_part(order: &str) {
    let query = diesel::sql_query(format!("select * from notes order by {order}")); // expect: sink(sql)
    drop(query);
}

async fn postgres(client: &tokio_postgres::Client, text: &str) -> Result<(), tokio_postgres::Error> {
    client.query(text, &[]).await?; // expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
    Ok(())
}

fn sqlite(connection: &rusqlite::Connection, text: &str) -> rusqlite::Result<()> {
    let _ = connection.prepare(text)?; // expect: sink(sql), source(retrieved)
    connection.execute_batch(text) // expect: sink(sql)
}
