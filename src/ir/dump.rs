//! Facts as readable text: one pseudo-code line a statement, for snapshots and `--dump facts`.

use std::fmt::Write as _;

use super::{
    Arg, Block, CallKind, Element, Entry, Expr, ExprId, FileFacts, FnId, Key, Param, Part, Pattern, Stmt, StmtKind,
    Type,
};

impl FileFacts {
    /// The whole file as text. The form is for people and snapshots; nothing parses it.
    pub fn dump(&self) -> String {
        let mut out = format!("file {} ({})\n", self.path, self.language.label());
        for import in &self.imports {
            let local = import.local.map(|l| format!(" as {l}")).unwrap_or_default();
            let note = if import.type_only { " type-only" } else { "" };
            let scope = if import.scope == FnId::MODULE { String::new() } else { format!(" in f{}", import.scope.0) };
            let _ = writeln!(out, "import {:?} from {:?}{local}{note}{scope}", import.kind, import.module);
        }
        for export in &self.exports {
            let _ = write!(out, "export {}", export.name);
            let _ = export.local.map(|l| write!(out, " = {l}"));
            let _ = export.from.map(|(m, n)| write!(out, " from {m:?} {n}"));
            let _ = export.value.map(|v| write!(out, " = {}", self.show(v)));
            out.push('\n');
        }
        for (scope, directive) in &self.directives {
            let _ = writeln!(out, "directive {directive:?} in f{}", scope.0);
        }
        self.dump_classes(&mut out);
        for (id, _) in self.functions() {
            self.dump_function(id, &mut out);
        }
        for span in &self.unreadable {
            let _ = writeln!(out, "unreadable {}..{}", span.start, span.end);
        }
        out
    }

    fn dump_classes(&self, out: &mut String) {
        for (id, class) in self.classes() {
            let name = class.name.map_or("<anonymous>", |n| n.as_str());
            let _ = write!(out, "{:?} c{} {name}", class.kind, id.0);
            let bases: Vec<_> = class.bases.iter().map(|b| self.show(*b)).collect();
            let implements: Vec<_> = class.implements.iter().map(|t| self.show_type(t)).collect();
            let _ = write!(out, "({})", [bases, implements].concat().join(", "));
            let decorators: Vec<_> = class.decorators.iter().map(|d| format!(" @{}", self.show(*d))).collect();
            let _ = writeln!(out, "{}", decorators.concat());
            for field in &class.fields {
                let ty = field.ty.as_ref().map(|t| format!(": {}", self.show_type(t))).unwrap_or_default();
                let default = field.default.map(|d| format!(" = {}", self.show(d))).unwrap_or_default();
                let marks: Vec<_> = field.decorators.iter().map(|d| format!(" @{}", self.show(*d))).collect();
                let _ = writeln!(out, "    {}{ty}{default}{}", field.name, marks.concat());
            }
            for method in &class.methods {
                let _ = writeln!(out, "    method f{}", method.0);
            }
        }
        for block in &self.impls {
            let interface = block.interface.as_ref().map(|t| format!("{} for ", self.show_type(t))).unwrap_or_default();
            let methods: Vec<_> = block.methods.iter().map(|m| format!("f{}", m.0)).collect();
            let marks: Vec<_> = block.decorators.iter().map(|d| format!(" @{}", self.show(*d))).collect();
            let target = self.show_type(&block.target);
            let _ = writeln!(out, "impl {interface}{target} [{}]{}", methods.join(", "), marks.concat());
        }
    }

    fn dump_function(&self, id: FnId, out: &mut String) {
        let f = self.function(id);
        for decorator in &f.decorators {
            let _ = writeln!(out, "@{}", self.show(*decorator));
        }
        let flags = [
            ("async ", f.is_async),
            ("generator ", f.is_generator),
            ("static ", f.is_static),
            ("abstract ", f.is_abstract),
        ];
        let flags: String = flags.iter().filter(|(_, on)| *on).map(|(n, _)| *n).collect();
        let params: Vec<_> = f.params.iter().map(|p| self.show_param(p)).collect();
        let returns = f.returns.as_ref().map(|t| format!(" -> {}", self.show_type(t))).unwrap_or_default();
        let owner = f.owner.map(|c| format!(" of c{}", c.0)).unwrap_or_default();
        let parent = f.parent.filter(|p| *p != FnId::MODULE).map(|p| format!(" in f{}", p.0)).unwrap_or_default();
        let name = f.name.map_or("<anonymous>", |n| n.as_str());
        let _ = writeln!(out, "{flags}{:?} f{} {name}({}){returns}{owner}{parent}", f.kind, id.0, params.join(", "));
        self.dump_block(&f.body, 1, out);
    }

    fn show_param(&self, param: &Param) -> String {
        let mark = match param.kind {
            super::ParamKind::Plain => "",
            super::ParamKind::Keyword => "kw ",
            super::ParamKind::Rest => "*",
            super::ParamKind::KeywordRest => "**",
        };
        let marks: Vec<_> = param.decorators.iter().map(|d| format!("@{} ", self.show(*d))).collect();
        let ty = param.ty.as_ref().map(|t| format!(": {}", self.show_type(t))).unwrap_or_default();
        let default = param.default.map(|d| format!(" = {}", self.show(d))).unwrap_or_default();
        format!("{}{mark}{}{ty}{default}", marks.concat(), self.show_pattern(&param.pattern))
    }

    fn dump_block(&self, block: &Block, depth: usize, out: &mut String) {
        for stmt in block {
            self.dump_stmt(stmt, depth, out);
        }
    }

    fn dump_stmt(&self, stmt: &Stmt, depth: usize, out: &mut String) {
        let pad = "    ".repeat(depth);
        let opt = |e: &Option<ExprId>| e.map(|e| format!(" {}", self.show(e))).unwrap_or_default();
        let _ = match &stmt.kind {
            StmtKind::Expr(e) => writeln!(out, "{pad}{}", self.show(*e)),
            StmtKind::Value(e) => writeln!(out, "{pad}value {}", self.show(*e)),
            StmtKind::Assign { targets, value, ty, op, decl } => {
                let names: Vec<_> = targets.iter().map(|t| self.show_pattern(t)).collect();
                let ty = ty.as_ref().map(|t| format!(": {}", self.show_type(t))).unwrap_or_default();
                let op = op.map(|o| format!("{o:?}")).unwrap_or_default();
                writeln!(out, "{pad}{decl:?} {}{ty} {op}={}", names.join(" = "), opt(value))
            }
            StmtKind::Return(e) => writeln!(out, "{pad}return{}", opt(e)),
            StmtKind::Raise(e) => writeln!(out, "{pad}raise{}", opt(e)),
            StmtKind::If { test, then, otherwise } => {
                let _ = writeln!(out, "{pad}if {}", self.show(*test));
                self.dump_block(then, depth + 1, out);
                if !otherwise.is_empty() {
                    let _ = writeln!(out, "{pad}else");
                    self.dump_block(otherwise, depth + 1, out);
                }
                Ok(())
            }
            StmtKind::Loop { kind, pattern, subject, body } => {
                let pattern = pattern.as_ref().map(|p| format!(" {}", self.show_pattern(p))).unwrap_or_default();
                let _ = writeln!(out, "{pad}loop {kind:?}{pattern}{}", opt(subject));
                self.dump_block(body, depth + 1, out);
                Ok(())
            }
            StmtKind::Match { subject, arms } => {
                let _ = writeln!(out, "{pad}match {}", self.show(*subject));
                for arm in arms {
                    let guard = arm.guard.map(|g| format!(" if {}", self.show(g))).unwrap_or_default();
                    let _ = writeln!(out, "{pad}  arm {}{guard}", self.show_pattern(&arm.pattern));
                    self.dump_block(&arm.body, depth + 1, out);
                }
                Ok(())
            }
            StmtKind::Try { body, handlers, finally } => {
                let _ = writeln!(out, "{pad}try");
                self.dump_block(body, depth + 1, out);
                for handler in handlers {
                    let types: Vec<_> = handler.types.iter().map(|t| self.show(*t)).collect();
                    let bound = handler.pattern.as_ref().map(|p| format!(" as {}", self.show_pattern(p)));
                    let _ = writeln!(out, "{pad}catch {}{}", types.join(", "), bound.unwrap_or_default());
                    self.dump_block(&handler.body, depth + 1, out);
                }
                if !finally.is_empty() {
                    let _ = writeln!(out, "{pad}finally");
                    self.dump_block(finally, depth + 1, out);
                }
                Ok(())
            }
            StmtKind::With { items, body } => {
                for (value, pattern) in items {
                    let bound = pattern.as_ref().map(|p| format!(" as {}", self.show_pattern(p))).unwrap_or_default();
                    let _ = writeln!(out, "{pad}with {}{bound}", self.show(*value));
                }
                self.dump_block(body, depth + 1, out);
                Ok(())
            }
            StmtKind::Function(f) => writeln!(out, "{pad}function f{}", f.0),
            StmtKind::Class(c) => writeln!(out, "{pad}class c{}", c.0),
            StmtKind::Block(body) => {
                let _ = writeln!(out, "{pad}block");
                self.dump_block(body, depth + 1, out);
                Ok(())
            }
            StmtKind::Assert(e) => writeln!(out, "{pad}assert {}", self.show(*e)),
            StmtKind::Delete(e) => writeln!(out, "{pad}delete {}", self.show(*e)),
            StmtKind::Global(names) => writeln!(out, "{pad}global {names:?}"),
            StmtKind::Break => writeln!(out, "{pad}break"),
            StmtKind::Continue => writeln!(out, "{pad}continue"),
        };
    }

    /// An expression on one line.
    pub fn show(&self, id: ExprId) -> String {
        let list = |ids: &[ExprId]| ids.iter().map(|e| self.show(*e)).collect::<Vec<_>>().join(", ");
        match self.expr(id) {
            Expr::Name(name) => name.to_string(),
            Expr::Receiver => "self".into(),
            Expr::Super => "super".into(),
            Expr::Str(text) => format!("{:?}", text.as_str()),
            Expr::Num(text) => text.to_string(),
            Expr::Bool(value) => value.to_string(),
            Expr::Null => "null".into(),
            Expr::Regex(text) => format!("/{text}/"),
            Expr::Template { parts, tag } => {
                let tag = tag.map(|t| self.show(t)).unwrap_or_default();
                let parts: Vec<_> = parts.iter().map(|p| self.show_part(*p)).collect();
                format!("{tag}`{}`", parts.concat())
            }
            Expr::Field { base, name } => format!("{}.{name}", self.show(*base)),
            Expr::Index { base, index } => format!("{}[{}]", self.show(*base), self.show(*index)),
            Expr::Call(call) => {
                let args: Vec<_> = call.args.iter().map(|a| self.show_arg(*a)).collect();
                let (new, bang) = match call.kind {
                    CallKind::Plain => ("", ""),
                    CallKind::New => ("new ", ""),
                    CallKind::Macro => ("", "!"),
                };
                let types: Vec<_> = call.types.iter().map(|t| self.show_type(t)).collect();
                let types = if types.is_empty() { String::new() } else { format!("<{}>", types.join(", ")) };
                format!("{new}{}{bang}{types}({})", self.show(call.callee), args.join(", "))
            }
            Expr::List { kind, items } => {
                let items: Vec<_> = items.iter().map(|i| self.show_element(*i)).collect();
                format!("{kind:?}[{}]", items.join(", "))
            }
            Expr::Object(entries) => format!("{{{}}}", self.show_entries(entries)),
            Expr::Binary { op, left, right } => format!("({} {op:?} {})", self.show(*left), self.show(*right)),
            Expr::Unary { op, operand } => format!("{op:?}({})", self.show(*operand)),
            Expr::Conditional { test, then, otherwise } => {
                format!("({} ? {} : {})", self.show(*test), self.show(*then), self.show(*otherwise))
            }
            Expr::Lambda(f) => format!("f{}", f.0),
            Expr::Class(c) => format!("c{}", c.0),
            Expr::Await(e) => format!("await {}", self.show(*e)),
            Expr::Yield(e) => format!("yield {}", e.map(|e| self.show(e)).unwrap_or_default()),
            Expr::Try(e) => format!("{}?", self.show(*e)),
            Expr::Assign { target, value } => format!("({} := {})", self.show_pattern(target), self.show(*value)),
            Expr::Comprehension { kind, key, element, clauses } => {
                let key = key.map(|k| format!("{}: ", self.show(k))).unwrap_or_default();
                let clauses: Vec<_> = clauses
                    .iter()
                    .map(|c| {
                        format!(
                            " for {} in {} if [{}]",
                            self.show_pattern(&c.pattern),
                            self.show(c.iter),
                            list(&c.tests)
                        )
                    })
                    .collect();
                format!("{kind:?}({key}{}{})", self.show(*element), clauses.concat())
            }
            Expr::Block(block) => {
                let mut out = String::from("{\n");
                self.dump_block(block, 2, &mut out);
                out + "    }"
            }
            Expr::Cast { value, ty } => format!("({} as {})", self.show(*value), self.show_type(ty)),
            Expr::Jsx { tag, attrs, children } => {
                format!("<{} {}>[{}]", self.show(*tag), self.show_entries(attrs), list(children))
            }
            Expr::Opaque(parts) => format!("opaque({})", list(parts)),
        }
    }

    fn show_part(&self, part: Part) -> String {
        match part {
            Part::Text(text) => text.escape_debug().to_string(),
            Part::Hole { value, spec } => {
                let spec = spec.map(|s| format!(":{s}")).unwrap_or_default();
                format!("${{{}{spec}}}", self.show(value))
            }
        }
    }

    fn show_arg(&self, arg: Arg) -> String {
        let name = arg.name.map(|n| format!("{n}=")).unwrap_or_default();
        let spread = if arg.spread { "..." } else { "" };
        format!("{name}{spread}{}", self.show(arg.value))
    }

    fn show_element(&self, item: Element) -> String {
        let spread = if item.spread { "..." } else { "" };
        format!("{spread}{}", self.show(item.value))
    }

    fn show_entries(&self, entries: &[Entry]) -> String {
        let show = |entry: &Entry| match entry.key {
            Key::Name(name) => format!("{name}: {}", self.show(entry.value)),
            Key::Computed(key) => format!("[{}]: {}", self.show(key), self.show(entry.value)),
            Key::Spread => format!("...{}", self.show(entry.value)),
        };
        entries.iter().map(show).collect::<Vec<_>>().join(", ")
    }

    fn show_pattern(&self, pattern: &Pattern) -> String {
        let list = |items: &[Pattern]| items.iter().map(|p| self.show_pattern(p)).collect::<Vec<_>>().join(", ");
        let path = |path: &[crate::intern::Name]| path.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("::");
        match pattern {
            Pattern::Name(name, _) => name.to_string(),
            Pattern::Place(e) => self.show(*e),
            Pattern::List(items) => format!("[{}]", list(items)),
            Pattern::Rest(inner) => format!("...{}", self.show_pattern(inner)),
            Pattern::Object { path: p, fields } => {
                let fields: Vec<_> = fields.iter().map(|(k, v)| format!("{k}: {}", self.show_pattern(v))).collect();
                format!("{}{{{}}}", path(p), fields.join(", "))
            }
            Pattern::Variant { path: p, items } => format!("{}({})", path(p), list(items)),
            Pattern::Default(inner, e) => format!("{} = {}", self.show_pattern(inner), self.show(*e)),
            Pattern::Bind(name, inner) => format!("{name} @ {}", self.show_pattern(inner)),
            Pattern::Or(items) => format!("({})", list(items)),
            Pattern::Literal(e) => format!("== {}", self.show(*e)),
            Pattern::Wild => "_".into(),
        }
    }

    /// A type on one line.
    pub fn show_type(&self, ty: &Type) -> String {
        let list = |types: &[Type], sep: &str| types.iter().map(|t| self.show_type(t)).collect::<Vec<_>>().join(sep);
        match ty {
            Type::Path(path, args) => {
                let name = path.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(".");
                if args.is_empty() { name } else { format!("{name}<{}>", list(args, ", ")) }
            }
            Type::Union(types) => list(types, " | "),
            Type::All(types) => list(types, " & "),
            Type::Tuple(types) => format!("({})", list(types, ", ")),
            Type::Function(params, returns) => {
                let returns = returns.as_ref().map(|r| self.show_type(r)).unwrap_or_default();
                format!("fn({}) -> {returns}", list(params, ", "))
            }
            Type::Object(members) => {
                let members: Vec<_> = members.iter().map(|(n, t)| format!("{n}: {}", self.show_type(t))).collect();
                format!("{{{}}}", members.join(", "))
            }
            Type::Literal(text) => format!("{:?}", text.as_str()),
            Type::Annotated(inner, metadata) => {
                let metadata: Vec<_> = metadata.iter().map(|e| self.show(*e)).collect();
                format!("{} @[{}]", self.show_type(inner), metadata.join(", "))
            }
            Type::Null => "null".into(),
            Type::TypeOf(e) => format!("typeof {}", self.show(*e)),
            Type::Unknown => "?".into(),
        }
    }
}
