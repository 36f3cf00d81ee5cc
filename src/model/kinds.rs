//! The closed vocabularies of the model schema.

use serde::{Deserialize, Serialize};

/// What a library call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallKind {
    /// Sends text to a generative model.
    Llm,
    /// Computes embeddings.
    Embedding,
    /// Classifies text as harmful or not.
    Moderation,
    /// Counts tokens.
    TokenCount,
    /// An HTTP request; an LLM call if its `url` place holds a known model endpoint.
    Http,
    /// Searches a vector store, index or database for text that may enter a prompt.
    Retrieval,
    /// Reads records of a database by a condition.
    Lookup,
    /// Puts text into a vector store or index.
    Index,
    /// Reads a cache, memo or session store.
    CacheRead,
    /// Writes a cache, memo or session store.
    CacheWrite,
    /// Wraps a function so that its results are cached (a decorator or a higher-order function).
    CacheWrap,
    /// Makes or feeds an object that remembers one conversation.
    Memory,
    /// Makes a store of conversations that each call tells apart by an id.
    Checkpointer,
    /// Writes a log record.
    Log,
    /// Hands a function to a model as a tool.
    Tool,
    /// Reads a prompt template from a file or registry.
    PromptLoad,
}

/// A property of an LLM call worth knowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// The model's name.
    Model,
    /// The bound on generated tokens.
    MaxOutput,
    /// The time-out.
    Timeout,
    /// Retries.
    MaxRetries,
    /// The bound on agent or tool steps.
    MaxSteps,
    /// The URL of a raw HTTP call.
    Url,
    /// Tools given to the model.
    Tools,
    /// The conversation, thread or session the call belongs to.
    Session,
}

/// Where a value does harm or is of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SinkKind {
    /// Text of a system or developer message.
    SystemPrompt,
    /// Text of a user message.
    UserPrompt,
    /// Text of an assistant message.
    AssistantPrompt,
    /// Messages whose roles the value itself states (`role`/`content` objects, message objects).
    Messages,
    /// The description or schema of a tool.
    ToolDescription,
    /// A log record.
    Log,
    /// Evaluated or imported code.
    CodeExecution,
    /// A shell command or process.
    Shell,
    /// A query text.
    Sql,
    /// Markup that is rendered.
    Html,
    /// A file path.
    FilePath,
    /// The URL of an outgoing request.
    Url,
    /// Data that is deserialised unsafely.
    Deserialization,
    /// The key of a cache, memo, memory or session store.
    CacheKey,
    /// The value stored there.
    CacheValue,
    /// The text of a retrieval query.
    RetrievalQuery,
    /// What restricts a retrieval: filter, namespace, collection.
    RetrievalFilter,
    /// The key or session by which a store applies its own rules of who reads which row.
    RowSecurity,
    /// What the caller of an entry point receives.
    Response,
    /// A credential's proper place (client constructor, auth header).
    Credential,
}

/// Where data of interest enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Request data, message text, uploads.
    Untrusted,
    /// Request headers (may hold credentials).
    Headers,
    /// Fetched or retrieved documents, tool results, database text.
    Retrieved,
    /// What a model wrote.
    ModelOutput,
    /// Arguments a model chose for a tool.
    ToolArguments,
    /// Environment, settings or secret-manager values.
    Secret,
    /// The authenticated caller: user, session, tenant.
    Principal,
    /// Personal data.
    Personal,
}

/// A protection around an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlKind {
    /// Bounds requests or tokens per caller and time.
    RateLimit,
    /// Bounds the size of the user's text.
    InputLimit,
    /// Parses the request against a schema.
    RequestValidation,
    /// Knows and admits the caller.
    Authentication,
    /// Checks the model's output.
    OutputCheck,
    /// Removes personal data from the output.
    PiiRedaction,
    /// Records the interaction.
    AuditLog,
    /// Traces or measures the call.
    Tracing,
    /// Asks a person before a tool acts.
    Approval,
    /// Confines what a tool runs.
    Sandbox,
}

impl ControlKind {
    /// All kinds, in report order.
    pub const ALL: [ControlKind; 10] = [
        ControlKind::RateLimit,
        ControlKind::InputLimit,
        ControlKind::RequestValidation,
        ControlKind::Authentication,
        ControlKind::OutputCheck,
        ControlKind::PiiRedaction,
        ControlKind::AuditLog,
        ControlKind::Tracing,
        ControlKind::Approval,
        ControlKind::Sandbox,
    ];
}

/// What a control attached by a call or decorator protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The handler that the same decorator, registration call or parameter list belongs to.
    Handler,
    /// Every handler of the application or router that is the receiver or result.
    App,
    /// Every handler of the application, registered before or after alike, whose files the pattern names.
    Files,
}
