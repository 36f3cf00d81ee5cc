//! One vocabulary for the three grammars: node kinds and fields as numbers, looked up once a process.
//!
//! The grammars number their symbols differently, and comparing kind names is slow; everything else in this front end
//! speaks of [`Kind`] and [`F`] only.

use std::num::NonZeroU16;
use std::sync::LazyLock;

use tree_sitter::{Language, Node};

/// A grammar with its numbers translated.
pub(super) struct Grammar {
    /// For the parser.
    pub(super) language: Language,
    kinds: Vec<Kind>,
    fields: Vec<Option<NonZeroU16>>,
}

impl Grammar {
    fn new(language: Language) -> Self {
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kind = |id: u16| {
            let name = language.node_kind_for_id(id).unwrap_or_default();
            if language.node_kind_is_named(id) { Kind::of_node(name) } else { Kind::of_token(name) }
        };
        let kinds = (0..count).map(kind).collect();
        let fields = F::ALL.iter().map(|(_, name)| language.field_id_for_name(name)).collect();
        Grammar { language, kinds, fields }
    }

    /// What a node is.
    pub(super) fn kind(&self, node: Node) -> Kind {
        self.kinds.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Error)
    }

    /// The child that stands in a field.
    pub(super) fn field<'t>(&self, node: Node<'t>, field: F) -> Option<Node<'t>> {
        node.child_by_field_id(self.fields[field as usize]?.get())
    }
}

/// TypeScript without JSX: the only grammar that reads `<T>x`.
pub(super) static TYPESCRIPT: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()));
/// TypeScript with JSX.
pub(super) static TSX: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(tree_sitter_typescript::LANGUAGE_TSX.into()));
/// JavaScript with JSX.
pub(super) static JAVASCRIPT: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_javascript::LANGUAGE.into()));

macro_rules! vocabulary {
    (nodes { $($node:ident = $node_name:literal,)* } tokens { $($token:ident = $token_name:literal,)* }
     fields { $($field:ident = $field_name:literal,)* }) => {
        /// What a node is; punctuation that decides nothing is `Token`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($node,)* $($token,)* Error, Token, Other }

        impl Kind {
            fn of_node(name: &str) -> Kind {
                match name { $($node_name => Kind::$node,)* "ERROR" => Kind::Error, _ => Kind::Other }
            }

            fn of_token(name: &str) -> Kind {
                match name { $($token_name => Kind::$token,)* _ => Kind::Token }
            }
        }

        /// A field of a node.
        #[derive(Clone, Copy)]
        pub(super) enum F { $($field,)* }

        impl F {
            const ALL: &'static [(F, &'static str)] = &[$((F::$field, $field_name),)*];
        }
    };
}

vocabulary! {
    nodes {
        AbstractClassDeclaration = "abstract_class_declaration",
        AbstractMethodSignature = "abstract_method_signature",
        AccessibilityModifier = "accessibility_modifier",
        AmbientDeclaration = "ambient_declaration",
        Arguments = "arguments",
        Array = "array",
        ArrayPattern = "array_pattern",
        ArrayType = "array_type",
        ArrowFunction = "arrow_function",
        AsExpression = "as_expression",
        Asserts = "asserts",
        AssertsAnnotation = "asserts_annotation",
        AssignmentExpression = "assignment_expression",
        AssignmentPattern = "assignment_pattern",
        AugmentedAssignment = "augmented_assignment_expression",
        Await = "await_expression",
        Binary = "binary_expression",
        Break = "break_statement",
        Call = "call_expression",
        Class = "class",
        ClassDeclaration = "class_declaration",
        ClassHeritage = "class_heritage",
        ClassStaticBlock = "class_static_block",
        Comment = "comment",
        ComputedPropertyName = "computed_property_name",
        ConstructorType = "constructor_type",
        Continue = "continue_statement",
        Decorator = "decorator",
        DoStatement = "do_statement",
        ElseClause = "else_clause",
        EmptyStatement = "empty_statement",
        EnumAssignment = "enum_assignment",
        EnumDeclaration = "enum_declaration",
        EscapeSequence = "escape_sequence",
        ExportClause = "export_clause",
        ExportSpecifier = "export_specifier",
        ExportStatement = "export_statement",
        ExpressionStatement = "expression_statement",
        ExtendsClause = "extends_clause",
        ExtendsTypeClause = "extends_type_clause",
        False = "false",
        FieldDefinition = "field_definition",
        FlowMaybeType = "flow_maybe_type",
        ForIn = "for_in_statement",
        For = "for_statement",
        FormalParameters = "formal_parameters",
        FunctionDeclaration = "function_declaration",
        FunctionExpression = "function_expression",
        FunctionSignature = "function_signature",
        FunctionType = "function_type",
        GeneratorFunction = "generator_function",
        GeneratorFunctionDeclaration = "generator_function_declaration",
        GenericType = "generic_type",
        HashBang = "hash_bang_line",
        HtmlComment = "html_comment",
        HtmlCharacterReference = "html_character_reference",
        Identifier = "identifier",
        If = "if_statement",
        ImplementsClause = "implements_clause",
        Import = "import",
        ImportAlias = "import_alias",
        ImportClause = "import_clause",
        ImportRequireClause = "import_require_clause",
        ImportSpecifier = "import_specifier",
        ImportStatement = "import_statement",
        IndexSignature = "index_signature",
        Instantiation = "instantiation_expression",
        InterfaceDeclaration = "interface_declaration",
        InternalModule = "internal_module",
        IntersectionType = "intersection_type",
        JsxAttribute = "jsx_attribute",
        JsxElement = "jsx_element",
        JsxExpression = "jsx_expression",
        JsxNamespaceName = "jsx_namespace_name",
        JsxOpeningElement = "jsx_opening_element",
        JsxSelfClosing = "jsx_self_closing_element",
        JsxText = "jsx_text",
        Labeled = "labeled_statement",
        LexicalDeclaration = "lexical_declaration",
        LiteralType = "literal_type",
        MappedTypeClause = "mapped_type_clause",
        Member = "member_expression",
        MetaProperty = "meta_property",
        MethodDefinition = "method_definition",
        MethodSignature = "method_signature",
        Module = "module",
        NamedImports = "named_imports",
        NamespaceExport = "namespace_export",
        NamespaceImport = "namespace_import",
        NestedIdentifier = "nested_identifier",
        NestedTypeIdentifier = "nested_type_identifier",
        New = "new_expression",
        NonNull = "non_null_expression",
        Null = "null",
        Number = "number",
        Object = "object",
        ObjectAssignmentPattern = "object_assignment_pattern",
        ObjectPattern = "object_pattern",
        ObjectType = "object_type",
        OptionalChain = "optional_chain",
        OptionalParameter = "optional_parameter",
        OptionalType = "optional_type",
        OverrideModifier = "override_modifier",
        Pair = "pair",
        PairPattern = "pair_pattern",
        Parenthesized = "parenthesized_expression",
        ParenthesizedType = "parenthesized_type",
        PredefinedType = "predefined_type",
        PrivatePropertyIdentifier = "private_property_identifier",
        PropertyIdentifier = "property_identifier",
        PropertySignature = "property_signature",
        PublicFieldDefinition = "public_field_definition",
        ReadonlyType = "readonly_type",
        Regex = "regex",
        RequiredParameter = "required_parameter",
        RestPattern = "rest_pattern",
        RestType = "rest_type",
        Return = "return_statement",
        Satisfies = "satisfies_expression",
        Sequence = "sequence_expression",
        ShorthandProperty = "shorthand_property_identifier",
        ShorthandPropertyPattern = "shorthand_property_identifier_pattern",
        Spread = "spread_element",
        StatementBlock = "statement_block",
        StatementIdentifier = "statement_identifier",
        String = "string",
        StringFragment = "string_fragment",
        Subscript = "subscript_expression",
        Super = "super",
        SwitchCase = "switch_case",
        SwitchDefault = "switch_default",
        Switch = "switch_statement",
        TemplateLiteralType = "template_literal_type",
        TemplateString = "template_string",
        TemplateSubstitution = "template_substitution",
        Ternary = "ternary_expression",
        This = "this",
        ThisType = "this_type",
        Throw = "throw_statement",
        True = "true",
        Try = "try_statement",
        TupleType = "tuple_type",
        TypeAlias = "type_alias_declaration",
        TypeAnnotation = "type_annotation",
        TypeArguments = "type_arguments",
        TypeAssertion = "type_assertion",
        TypeIdentifier = "type_identifier",
        TypeParameters = "type_parameters",
        TypePredicate = "type_predicate",
        TypePredicateAnnotation = "type_predicate_annotation",
        TypeQuery = "type_query",
        Unary = "unary_expression",
        Undefined = "undefined",
        UnionType = "union_type",
        Update = "update_expression",
        UsingDeclaration = "using_declaration",
        VariableDeclaration = "variable_declaration",
        VariableDeclarator = "variable_declarator",
        While = "while_statement",
        With = "with_statement",
        Yield = "yield_expression",
    }
    tokens {
        KwAsync = "async",
        KwConst = "const",
        KwDefault = "default",
        KwExport = "export",
        KwFunction = "function",
        KwGet = "get",
        KwReadonly = "readonly",
        KwSet = "set",
        KwStatic = "static",
        KwStaticGet = "static get",
        KwType = "type",
        KwTypeof = "typeof",
        KwUsing = "using",
        KwVar = "var",
        Comma = ",",
        Equals = "=",
        Question = "?",
        Star = "*",
    }
    fields {
        Alias = "alias",
        Alternative = "alternative",
        Argument = "argument",
        Arguments = "arguments",
        Body = "body",
        CloseTag = "close_tag",
        Condition = "condition",
        Consequence = "consequence",
        Constructor = "constructor",
        Declaration = "declaration",
        Decorator = "decorator",
        Finalizer = "finalizer",
        Function = "function",
        Handler = "handler",
        Increment = "increment",
        Index = "index",
        IndexType = "index_type",
        Initializer = "initializer",
        Key = "key",
        Kind = "kind",
        Left = "left",
        Module = "module",
        Name = "name",
        Object = "object",
        OpenTag = "open_tag",
        Operator = "operator",
        Parameter = "parameter",
        Parameters = "parameters",
        Pattern = "pattern",
        Property = "property",
        ReturnType = "return_type",
        Right = "right",
        Source = "source",
        Type = "type",
        TypeArguments = "type_arguments",
        Value = "value",
    }
}

impl Kind {
    /// Whether the node stands where a statement may.
    pub(super) fn is_statement(self) -> bool {
        use Kind::*;
        matches!(
            self,
            AbstractClassDeclaration
                | AmbientDeclaration
                | Break
                | ClassDeclaration
                | Continue
                | DoStatement
                | EmptyStatement
                | EnumDeclaration
                | ExportStatement
                | ExpressionStatement
                | ForIn
                | For
                | FunctionDeclaration
                | FunctionSignature
                | GeneratorFunctionDeclaration
                | If
                | ImportAlias
                | ImportStatement
                | InterfaceDeclaration
                | InternalModule
                | Labeled
                | LexicalDeclaration
                | Module
                | Return
                | StatementBlock
                | Switch
                | Throw
                | Try
                | TypeAlias
                | UsingDeclaration
                | VariableDeclaration
                | While
                | With
        )
    }

    /// Whether the node is an expression with parts (plain names and literals other than templates are not worth saving
    /// from a part that could not be parsed).
    pub(super) fn is_telling_expression(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Array
                | ArrowFunction
                | AsExpression
                | AssignmentExpression
                | AugmentedAssignment
                | Await
                | Binary
                | Call
                | Class
                | FunctionExpression
                | GeneratorFunction
                | JsxElement
                | JsxSelfClosing
                | Member
                | New
                | NonNull
                | Object
                | Parenthesized
                | Satisfies
                | Sequence
                | Subscript
                | TemplateString
                | Ternary
                | TypeAssertion
                | Unary
                | Update
                | Yield
        )
    }
    /// Whether the node is an operation that binds looser than a postfix.
    pub(super) fn is_operation(self) -> bool {
        use Kind::*;
        matches!(
            self,
            ArrowFunction
                | AsExpression
                | AssignmentExpression
                | AugmentedAssignment
                | Await
                | Binary
                | Satisfies
                | Ternary
                | TypeAssertion
                | Unary
                | Update
                | Yield
        )
    }
}
