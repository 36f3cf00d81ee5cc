//! Values of blocks in expression position.

use crate::ir::{Block, ExprId, StmtKind};

/// The expressions whose value a block in expression position can have.
pub fn block_values(block: &Block) -> Vec<ExprId> {
    let mut found = Vec::new();
    values(block, &mut found);
    found
}

/// Collects the expressions whose value a block can have: its own `Value` statements, in all branches.
pub(super) fn values(block: &Block, found: &mut Vec<ExprId>) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Value(e) => found.push(*e),
            StmtKind::If { then, otherwise, .. } => {
                values(then, found);
                values(otherwise, found);
            }
            StmtKind::Match { arms, .. } => arms.iter().for_each(|arm| values(&arm.body, found)),
            StmtKind::Loop { body, .. } | StmtKind::Block(body) | StmtKind::With { body, .. } => values(body, found),
            StmtKind::Try { body, handlers, finally } => {
                values(body, found);
                handlers.iter().for_each(|h| values(&h.body, found));
                values(finally, found);
            }
            _ => {}
        }
    }
}
