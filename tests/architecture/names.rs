//! Every path that a source file names, whether in a `use`, in full, under another name or inside a macro.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The paths that a file names, and what its `use` lines call them.
pub struct Names {
    module: Vec<String>,
    imports: BTreeMap<String, Vec<String>>,
    paths: Vec<(usize, Vec<String>)>,
}

impl Names {
    pub fn new(module: Vec<String>) -> Self {
        Self {
            module,
            imports: BTreeMap::new(),
            paths: Vec::new(),
        }
    }

    /// Lines and full paths: ours begin with `crate::`, each is given once for a line.
    pub fn resolved(&self) -> BTreeSet<(usize, String)> {
        let full = |(line, path): &(usize, Vec<String>)| {
            let path = match self.imports.get(&path[0]) {
                Some(import) => [import, &path[1..]].concat(),
                None => path.clone(),
            };
            (*line, path.join("::"))
        };
        self.paths.iter().map(full).collect()
    }

    fn name(&mut self, span: Span, path: &[String]) {
        let path = self.absolute(path);
        self.paths.push((span.start().line, path));
    }

    /// Takes `self`, `super` and our own crate's name away.
    fn absolute(&self, path: &[String]) -> Vec<String> {
        let ups = path.iter().take_while(|name| *name == "super").count();
        match path[0].as_str() {
            "tuilio" => [&["crate".to_owned()], &path[1..]].concat(),
            "self" if path.len() > 1 => [&self.here(0)[..], &path[1..]].concat(),
            "super" => [&self.here(ups)[..], &path[ups..]].concat(),
            _ => path.to_vec(),
        }
    }

    fn here(&self, ups: usize) -> Vec<String> {
        let depth = self.module.len().saturating_sub(ups);
        [&["crate".to_owned()], &self.module[..depth]].concat()
    }

    fn import(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.import(&path.tree, &with(&path.ident)),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before);
                }
            }
            syn::UseTree::Glob(glob) => self.name(glob.star_token.spans[0], before),
            syn::UseTree::Name(name) if name.ident == "self" => {
                let called = before.last().cloned().unwrap_or_default();
                self.called(&called, name.ident.span(), before);
            }
            syn::UseTree::Name(name) => {
                let path = with(&name.ident);
                self.called(&name.ident.to_string(), name.ident.span(), &path);
            }
            syn::UseTree::Rename(rename) => {
                let path = with(&rename.ident);
                self.called(&rename.rename.to_string(), rename.ident.span(), &path);
            }
        }
    }

    fn called(&mut self, called: &str, span: Span, path: &[String]) {
        let path = self.absolute(path);
        self.paths.push((span.start().line, path.clone()));
        if path.len() > 1 {
            self.imports.insert(called.to_owned(), path);
        }
    }

    /// A macro's body is not parsed: every `a::b::c` in it counts as a path.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut at = Span::call_site();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 && !path.is_empty() {
                        self.name(at, &std::mem::take(&mut path));
                    }
                    at = ident.span();
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    let joined = colons == 1 || punct.spacing() == Spacing::Joint;
                    colons = if joined { colons + 1 } else { 0 };
                }
                other => {
                    if !path.is_empty() {
                        self.name(at, &std::mem::take(&mut path));
                    }
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        if !path.is_empty() {
            self.name(at, &path);
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !attributes(item).iter().any(only_in_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !item.attrs.iter().any(only_in_tests) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.name(first.ident.span(), &names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

fn only_in_tests(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|what| what.is_ident("test"))
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
