//! Names of the grammar's nodes as an enum, so that lowering matches on a byte instead of a string.

macro_rules! kinds {
    (nodes { $($node:ident = $node_text:literal,)* } tokens { $($token:ident = $token_text:literal,)* }) => {
        /// What a syntax node is. Named nodes come first, then the tokens that decide something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
        #[repr(u8)]
        pub(super) enum Kind {
            $($node,)*
            /// A named node that lowering does not tell apart.
            Other,
            /// A stretch the parser could not fit into the grammar.
            Error,
            /// A node the parser made up to go on.
            Missing,
            $($token,)*
            /// A token that decides nothing: it is not kept.
            Skip,
        }

        impl Kind {
            /// The kind behind the grammar's name for it.
            pub(super) fn of(text: &str, is_named: bool) -> Kind {
                match (is_named, text) {
                    $((true, $node_text) => Kind::$node,)*
                    $((false, $token_text) => Kind::$token,)*
                    (true, _) => Kind::Other,
                    (false, _) => Kind::Skip,
                }
            }
        }
    };
}

kinds! {
    nodes {
        AliasedImport = "aliased_import",
        ArgumentList = "argument_list",
        AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target",
        AssertStatement = "assert_statement",
        Assignment = "assignment",
        Attribute = "attribute",
        AugmentedAssignment = "augmented_assignment",
        Await = "await",
        BinaryOperator = "binary_operator",
        Block = "block",
        BooleanOperator = "boolean_operator",
        BreakStatement = "break_statement",
        Call = "call",
        CaseClause = "case_clause",
        CasePattern = "case_pattern",
        Chevron = "chevron",
        ClassDefinition = "class_definition",
        ClassPattern = "class_pattern",
        Comment = "comment",
        ComparisonOperator = "comparison_operator",
        ComplexPattern = "complex_pattern",
        ConcatenatedString = "concatenated_string",
        ConditionalExpression = "conditional_expression",
        ConstrainedType = "constrained_type",
        ContinueStatement = "continue_statement",
        DecoratedDefinition = "decorated_definition",
        Decorator = "decorator",
        DefaultParameter = "default_parameter",
        DeleteStatement = "delete_statement",
        DictPattern = "dict_pattern",
        Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension",
        DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern",
        DottedName = "dotted_name",
        ElifClause = "elif_clause",
        Ellipsis = "ellipsis",
        ElseClause = "else_clause",
        ExceptClause = "except_clause",
        ExecStatement = "exec_statement",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        False = "false",
        FinallyClause = "finally_clause",
        Float = "float",
        ForInClause = "for_in_clause",
        ForStatement = "for_statement",
        FormatSpecifier = "format_specifier",
        FunctionDefinition = "function_definition",
        FutureImportStatement = "future_import_statement",
        GeneratorExpression = "generator_expression",
        GenericType = "generic_type",
        GlobalStatement = "global_statement",
        Identifier = "identifier",
        IfClause = "if_clause",
        IfStatement = "if_statement",
        ImportFromStatement = "import_from_statement",
        ImportPrefix = "import_prefix",
        ImportStatement = "import_statement",
        Integer = "integer",
        Interpolation = "interpolation",
        KeywordArgument = "keyword_argument",
        KeywordPattern = "keyword_pattern",
        KeywordSeparator = "keyword_separator",
        Lambda = "lambda",
        LambdaParameters = "lambda_parameters",
        LineContinuation = "line_continuation",
        List = "list",
        ListComprehension = "list_comprehension",
        ListPattern = "list_pattern",
        ListSplat = "list_splat",
        ListSplatPattern = "list_splat_pattern",
        MatchStatement = "match_statement",
        MemberType = "member_type",
        Module = "module",
        NamedExpression = "named_expression",
        None = "none",
        NonlocalStatement = "nonlocal_statement",
        NotOperator = "not_operator",
        Pair = "pair",
        Parameters = "parameters",
        ParenthesizedExpression = "parenthesized_expression",
        PassStatement = "pass_statement",
        PatternList = "pattern_list",
        PositionalSeparator = "positional_separator",
        PrintStatement = "print_statement",
        RaiseStatement = "raise_statement",
        RelativeImport = "relative_import",
        ReturnStatement = "return_statement",
        Set = "set",
        SetComprehension = "set_comprehension",
        Slice = "slice",
        SplatPattern = "splat_pattern",
        SplatType = "splat_type",
        String = "string",
        StringContent = "string_content",
        StringEnd = "string_end",
        StringStart = "string_start",
        Subscript = "subscript",
        True = "true",
        TryStatement = "try_statement",
        Tuple = "tuple",
        TuplePattern = "tuple_pattern",
        Type = "type",
        TypeAliasStatement = "type_alias_statement",
        TypeConversion = "type_conversion",
        TypeParameter = "type_parameter",
        TypedDefaultParameter = "typed_default_parameter",
        TypedParameter = "typed_parameter",
        UnaryOperator = "unary_operator",
        UnionPattern = "union_pattern",
        UnionType = "union_type",
        WhileStatement = "while_statement",
        WildcardImport = "wildcard_import",
        WithClause = "with_clause",
        WithItem = "with_item",
        WithStatement = "with_statement",
        Yield = "yield",
    }
    tokens {
        Plus = "+",
        Minus = "-",
        Star = "*",
        DoubleStar = "**",
        Slash = "/",
        DoubleSlash = "//",
        At = "@",
        Percent = "%",
        Bar = "|",
        Ampersand = "&",
        Caret = "^",
        Tilde = "~",
        ShiftLeft = "<<",
        ShiftRight = ">>",
        Less = "<",
        LessEq = "<=",
        EqEq = "==",
        NotEqual = "!=",
        OldNotEqual = "<>",
        Greater = ">",
        GreaterEq = ">=",
        In = "in",
        NotIn = "not in",
        Is = "is",
        IsNot = "is not",
        And = "and",
        Or = "or",
        PlusAssign = "+=",
        MinusAssign = "-=",
        StarAssign = "*=",
        SlashAssign = "/=",
        AtAssign = "@=",
        DoubleSlashAssign = "//=",
        PercentAssign = "%=",
        DoubleStarAssign = "**=",
        ShiftRightAssign = ">>=",
        ShiftLeftAssign = "<<=",
        AmpersandAssign = "&=",
        CaretAssign = "^=",
        BarAssign = "|=",
        Async = "async",
        Colon = ":",
        Underscore = "_",
    }
}

impl Kind {
    /// Whether the node is one the grammar names and the parser found whole.
    pub(super) fn is_named(self) -> bool {
        self < Kind::Error
    }

    /// Whether what stands inside the node is of no use to lowering.
    pub(super) fn is_leaf(self) -> bool {
        self > Kind::Error
            || matches!(
                self,
                Kind::Identifier
                    | Kind::StringStart
                    | Kind::TypeConversion
                    | Kind::FormatSpecifier
                    | Kind::Integer
                    | Kind::Float
                    | Kind::True
                    | Kind::False
                    | Kind::None
            )
    }

    /// Whether the node is never kept.
    pub(super) fn is_dropped(self) -> bool {
        matches!(self, Kind::Skip | Kind::StringContent | Kind::StringEnd | Kind::LineContinuation)
    }

    /// Whether the node can be lowered as a statement, also where it is all that is left of one.
    pub(super) fn is_statement(self) -> bool {
        matches!(
            self,
            Kind::ExpressionStatement
                | Kind::Assignment
                | Kind::AugmentedAssignment
                | Kind::Call
                | Kind::Await
                | Kind::ReturnStatement
                | Kind::RaiseStatement
                | Kind::IfStatement
                | Kind::ForStatement
                | Kind::WhileStatement
                | Kind::TryStatement
                | Kind::WithStatement
                | Kind::MatchStatement
                | Kind::FunctionDefinition
                | Kind::ClassDefinition
                | Kind::DecoratedDefinition
                | Kind::ImportStatement
                | Kind::ImportFromStatement
                | Kind::FutureImportStatement
                | Kind::AssertStatement
                | Kind::DeleteStatement
                | Kind::GlobalStatement
                | Kind::NonlocalStatement
                | Kind::TypeAliasStatement
                | Kind::PassStatement
                | Kind::BreakStatement
                | Kind::ContinueStatement
                | Kind::Block
                | Kind::Error
        )
    }

    /// Whether statements stand directly in the node.
    pub(super) fn holds_statements(self) -> bool {
        matches!(self, Kind::Module | Kind::Block | Kind::Error)
    }
}
