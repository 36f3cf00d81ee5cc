use elasticsearch::Elasticsearch;
use libsql::Connection;
use meilisearch_sdk::indexes::Index;
use mongodb::Collection;
use neo4rs::Graph;
use qdrant_client::qdrant::SearchPointsBuilder;
use qdrant_client::Qdrant;
use scylla::client::session::Session;
use surrealdb::Surreal;

async fn search(store: &Qdrant, vector: Vec<f32>, tenant: Filter) -> anyhow::Result<()> {
    let found = store.search_points(SearchPointsBuilder::new("notes", vector, 3).filter(tenant)).await?; // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    store.upsert_points(points()).await?; // expect: index
    drop(found);
    Ok(())
}

async fn load(notes: &Collection<Note>, database: &Surreal<Any>, graph: &Graph, owner: &str) -> anyhow::Result<()> {
    let first = notes.find(filter(owner)).await?; // expect: lookup, sink(retrieval-filter), source(retrieved)
    let second = database.query("SELECT * FROM note WHERE owner = $owner").bind(("owner", owner)).await?; // expect: lookup, sink(sql), source(retrieved)
    let third = graph.execute(cypher(owner)).await?; // expect: lookup, sink(sql), source(retrieved)
    let fourth = Elasticsearch::default().search(parts()).send().await?; // expect: retrieval, sink(retrieval-query), source(retrieved)
    drop((first, second, third, fourth));
    Ok(())
}

async fn more(
    table: &lancedb::Table,
    index: &Index,
    pinecone: &pinecone_sdk::pinecone::data::Index,
    lite: &Connection,
    session: &Session,
    text: &str,
) -> anyhow::Result<()> {
    let first = table.vector_search(vec![0.0])?; // expect: retrieval, sink(retrieval-query), source(retrieved)
    let second = index.search().with_query(text).execute::<Note>().await?; // expect: retrieval, source(retrieved)
    let third = pinecone.query_by_id(text, 3, None, None, None, None).await?; // expect: retrieval, sink(retrieval-query), source(retrieved)
    let fourth = lite.query("SELECT 1", ()).await?; // expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
    let fifth = session.query_unpaged("SELECT 1", ()).await?; // expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
    drop((first, second, third, fourth, fifth));
    Ok(())
}
