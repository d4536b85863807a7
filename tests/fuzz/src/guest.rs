//! Components that are valid and say what they like: every function that the host calls returns pointers, lengths and
//! discriminants that were chosen from bytes, calls the host with such arguments, and gives the host memory that is none.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, MemorySection, MemoryType, Module, StartSection,
    TypeSection, ValType,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::WasmType;
use wit_parser::{
    LiftLowerAbi, ManglingAndAbi, Resolve, WasmExport, WasmExportKind, WasmImport, WorldId, WorldItem, WorldKey,
};

use super::choices::Choices;

const ABI: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
/// Where what was chosen lies in the guest's memory: a page of it, each function's reply in a piece of its own.
const DATA: u32 = 1_024;
const REPLY: u32 = 64;
/// A want of all messages, behind the replies.
const WANT: u32 = DATA + 32 * REPLY;
const TEXT: u32 = WANT + 64;
/// Behind everything: where `realloc` begins.
const HEAP: u32 = 32 * 1_024;
const PAGE: u32 = 64 * 1_024;

const IMPORTS: [&str; 15] = [
    "envelope",
    "content",
    "edits",
    "log",
    "clock",
    "outbox",
    "store",
    "roster",
    "rooms",
    "blocklist",
    "standing",
    "roles",
    "routing",
    "holding",
    "operator",
];
/// What it exports besides `lifecycle`.
const EXPORTS: [&str; 13] = [
    "message-policy",
    "state",
    "archive-policy",
    "carbons-policy",
    "delivery-policy",
    "push-policy",
    "upload-policy",
    "room-policy",
    "keys-policy",
    "blocklist-policy",
    "samples",
    "needs",
    "exemptions",
];

/// A function of the core module: its name there, and its type.
struct Signature {
    module: String,
    name: String,
    params: Vec<ValType>,
    results: Vec<ValType>,
}

/// The world of a guest: what it may call, and what it is called by.
pub struct World {
    resolve: Resolve,
    id: WorldId,
    calls: Vec<Signature>,
    entries: Vec<Signature>,
    after: Vec<Signature>,
}

impl World {
    /// Everything that a policy may import, and of the hooks those whose bit is set.
    pub fn new(hooks: u16) -> Self {
        let exports = EXPORTS.iter().enumerate().filter(|(bit, _)| hooks >> bit & 1 == 1).map(|(_, name)| *name);
        let lines = IMPORTS.iter().map(|name| format!("import prosody:policy/{name}@0.1.5;"));
        let exports = exports.chain(["lifecycle"]).map(|name| format!("export prosody:policy/{name}@0.1.5;"));
        let text = format!("package fuzz:guest; world guest {{ {} }}", lines.chain(exports).collect::<String>());
        let mut resolve = Resolve::default();
        resolve.push_path(contract()).expect("the contract is sound");
        let package = resolve.push_str("guest.wit", &text).expect("the world is sound");
        let id = resolve.select_world(&[package], Some("guest")).expect("the world is there");
        let mut world = Self { resolve, id, calls: Vec::new(), entries: Vec::new(), after: Vec::new() };
        world.read();
        world
    }

    fn read(&mut self) {
        let Self { resolve, id, calls, entries, after } = self;
        let world = &resolve.worlds[*id];
        for (key, item) in &world.imports {
            each_function(resolve, key, item, |key, function| {
                let (module, name) =
                    resolve.wasm_import_name(ABI, WasmImport::Func { interface: Some(key), func: function });
                let signature = resolve.wasm_signature(ABI.import_variant(), function);
                calls.push(Signature {
                    module,
                    name,
                    params: types(&signature.params),
                    results: types(&signature.results),
                });
            });
        }
        for (key, item) in &world.exports {
            each_function(resolve, key, item, |key, function| {
                let name = |kind| {
                    resolve.wasm_export_name(ABI, WasmExport::Func { interface: Some(key), func: function, kind })
                };
                let signature = resolve.wasm_signature(ABI.export_variant(), function);
                let (params, results) = (types(&signature.params), types(&signature.results));
                let module = String::new();
                after.push(Signature {
                    module: module.clone(),
                    name: name(WasmExportKind::PostReturn),
                    params: results.clone(),
                    results: Vec::new(),
                });
                entries.push(Signature { module, name: name(WasmExportKind::Normal), params, results });
            });
        }
    }
}

/// The contract, in a folder around this crate.
fn contract() -> PathBuf {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("wit/v0.1"));
    folders.into_iter().find(|folder| folder.is_dir()).expect("a working copy of the project")
}

fn each_function(
    resolve: &Resolve,
    key: &WorldKey,
    item: &WorldItem,
    mut visit: impl FnMut(&WorldKey, &wit_parser::Function),
) {
    if let WorldItem::Interface { id, .. } = item {
        resolve.interfaces[*id].functions.values().for_each(|function| visit(key, function));
    }
}

fn types(types: &[WasmType]) -> Vec<ValType> {
    let one = |of: &WasmType| match of {
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
    };
    types.iter().map(one).collect()
}

/// What an obedient guest says of every message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reply {
    Pass,
    Drop,
    Trap,
}

impl Reply {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Drop, Self::Trap];
}

/// A component of this world that does what the choices say.
pub fn component(world: &World, choices: &mut Choices<'_>) -> Vec<u8> {
    let encoding = choices.one_of(&[StringEncoding::UTF8, StringEncoding::UTF16, StringEncoding::CompactUTF16]);
    let calls = some_calls(world, choices);
    let module =
        Builder { world, calls, choices, reply: Reply::Pass, script: Script::default(), body: Function::new([]) }
            .module();
    encode(world, module, encoding).expect("a sound component")
}

/// Up to seven functions of the host.
fn some_calls<'a>(world: &'a World, choices: &mut Choices<'_>) -> Vec<&'a Signature> {
    let mut chosen: Vec<usize> = (0..choices.below(8)).map(|_| choices.below(world.calls.len())).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen.into_iter().map(|index| &world.calls[index]).collect()
}

/// A core module with some imports of this world and all of its exports, of which only the types are of interest.
pub fn shape(world: &World, choices: &mut Choices<'_>) -> Vec<u8> {
    let calls = some_calls(world, choices);
    let choices = &mut Choices::new(&[]);
    Builder { world, calls, choices, reply: Reply::Pass, script: Script::default(), body: Function::new([]) }.module()
}

/// By their names, the functions of a guest that are called before it judges, as they would be in one that takes any
/// settings and wants all messages, whatever its memory is full of.
pub fn introduction(world: &World) -> HashMap<String, Function> {
    let choices = &mut Choices::new(&[]);
    let (calls, script, body) = (Vec::new(), Script { heap: HEAP, ..Script::default() }, Function::new([]));
    let mut builder = Builder { world, calls, choices, reply: Reply::Pass, script, body };
    let is_asked_first = |entry: &&Signature| {
        let name = entry.name.rsplit_once('#').map_or("", |(_, name)| name);
        ["configure", "wants", "needs", "exemptions"].contains(&name)
    };
    let entries = world.entries.iter().filter(is_asked_first);
    let mut functions: HashMap<_, _> = entries.map(|entry| (entry.name.clone(), builder.introduction(entry))).collect();
    functions.insert(realloc().name, builder.realloc());
    functions.insert("_initialize".to_owned(), builder.statements(true));
    functions
}

/// A component that calls nothing and always says the same.
pub fn obedient(world: &World, reply: Reply) -> Vec<u8> {
    encode(world, module(world, reply), StringEncoding::UTF8).expect("a sound component")
}

/// Its core module.
pub fn module(world: &World, reply: Reply) -> Vec<u8> {
    let choices = &mut Choices::new(&[]);
    Builder { world, calls: Vec::new(), choices, reply, script: Script::default(), body: Function::new([]) }.module()
}

/// A call of the host with texts: `interface#function`, and a number before the texts.
#[derive(Clone, Debug)]
pub struct Call {
    name: &'static str,
    first: Option<u32>,
    texts: Vec<Vec<u8>>,
}

impl Call {
    /// With texts only.
    pub fn new(name: &'static str, texts: Vec<Vec<u8>>) -> Self {
        Self { name, first: None, texts }
    }

    /// With this number before them.
    pub fn after(self, first: u32) -> Self {
        Self { first: Some(first), ..self }
    }
}

/// A component that makes these calls, each so many times, for every message, and lets it pass.
pub fn calling(world: &World, calls: &[(Call, u32)]) -> Vec<u8> {
    let mut script = Script { heap: HEAP, ..Script::default() };
    let mut imports: Vec<&Signature> = Vec::new();
    for (call, times) in calls {
        let signature = world.calls.iter().find(|signature| signature.is(call.name)).expect("a function of the host");
        let known = imports.iter().position(|other| std::ptr::eq(*other, signature));
        let index = known.unwrap_or_else(|| {
            imports.push(signature);
            imports.len() - 1
        });
        let arguments = script.arguments(call, signature.params.len());
        script.lines.push((index as u32, arguments, *times));
    }
    let choices = &mut Choices::new(&[]);
    let module =
        Builder { world, calls: imports, choices, reply: Reply::Pass, script, body: Function::new([]) }.module();
    encode(world, module, StringEncoding::UTF8).expect("a sound component")
}

/// What an obedient guest does before it replies.
#[derive(Default)]
struct Script {
    lines: Vec<(u32, Vec<u32>, u32)>,
    /// What lies behind everything else in memory, and where it ends.
    texts: Vec<u8>,
    heap: u32,
}

impl Script {
    /// The arguments of a call: what is left at the end is where the result goes.
    fn arguments(&mut self, call: &Call, count: usize) -> Vec<u32> {
        let mut arguments: Vec<u32> = call.first.into_iter().collect();
        for text in &call.texts {
            arguments.extend([self.heap, text.len() as u32]);
            self.texts.extend(text);
            self.heap += text.len() as u32;
        }
        arguments.resize(count, DATA);
        arguments
    }

    /// Where the host may put its results: always the same place.
    fn free(&self) -> u32 {
        self.heap.next_multiple_of(8)
    }
}

impl Signature {
    fn is(&self, name: &str) -> bool {
        name.split_once('#').is_some_and(|(interface, function)| {
            self.name == function && self.module.contains(&format!("/{interface}@"))
        })
    }
}

/// The component of this core module; an error if it does not fit the world.
pub fn encode(world: &World, mut module: Vec<u8>, encoding: StringEncoding) -> anyhow::Result<Vec<u8>> {
    embed_component_metadata(&mut module, &world.resolve, world.id, encoding, false)?;
    ComponentEncoder::default().module(&module)?.validate(false).encode()
}

struct Builder<'a, 'b> {
    world: &'a World,
    /// The functions of the host that it imports.
    calls: Vec<&'a Signature>,
    choices: &'a mut Choices<'b>,
    reply: Reply,
    script: Script,
    body: Function,
}

impl Builder<'_, '_> {
    fn module(mut self) -> Vec<u8> {
        let world = self.world;
        let (mut types, mut imports, mut functions) =
            (TypeSection::new(), ImportSection::new(), FunctionSection::new());
        let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
        let calls = self.calls.clone();
        for call in &calls {
            imports.import(&call.module, &call.name, wasm_encoder::EntityType::Function(types.len()));
            types.ty().function(call.params.iter().copied(), call.results.iter().copied());
        }
        let mut define = |types: &mut TypeSection, signature: &Signature, body: Function| {
            functions.function(types.len());
            types.ty().function(signature.params.iter().copied(), signature.results.iter().copied());
            exports.export(&signature.name, ExportKind::Func, calls.len() as u32 + functions.len() - 1);
            code.function(&body);
        };
        let body = self.realloc();
        define(&mut types, &realloc(), body);
        for (number, entry) in world.entries.iter().enumerate() {
            let body = self.entry(number as u32, entry);
            define(&mut types, entry, body);
        }
        let with_after = self.choices.once_in(4);
        for after in world.after.iter().filter(|_| with_after) {
            let body = self.statements(true);
            define(&mut types, after, body);
        }
        let body = self.statements(true);
        define(
            &mut types,
            &Signature { module: String::new(), name: "_initialize".into(), params: vec![], results: vec![] },
            body,
        );
        let start = calls.len() as u32 + functions.len() - 1;
        let starts = self.choices.once_in(16).then_some(StartSection { function_index: start });
        exports.export("memory", ExportKind::Memory, 0);
        let mut memories = MemorySection::new();
        let pages = (self.script.free() + PAGE) / PAGE + 1;
        memories.memory(MemoryType {
            minimum: u64::from(pages) + u64::from(self.choices.byte() % 4),
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        globals.global(
            GlobalType { val_type: ValType::I32, mutable: true, shared: false },
            &ConstExpr::i32_const(HEAP as i32),
        );
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(DATA as i32), self.data());
        data.active(0, &ConstExpr::i32_const(HEAP as i32), self.script.texts.iter().copied());
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&memories)
            .section(&globals)
            .section(&exports);
        if let Some(start) = &starts {
            module.section(start);
        }
        module.section(&code).section(&data);
        module.finish()
    }

    /// Replies, one behind the other; a want; and text, of which some is none.
    fn data(&mut self) -> Vec<u8> {
        let mut words = Vec::new();
        for _ in 0..(WANT - DATA) / 4 {
            words.push(if self.choices.is_empty() { 0 } else { self.value() });
        }
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.resize((TEXT - DATA) as usize, 0);
        bytes.extend(self.choices.rest());
        bytes.extend("plain-text, ünïcödé 🦀".as_bytes());
        bytes.truncate((HEAP - DATA) as usize);
        bytes
    }

    /// A pointer or length that may be right, a small number, or any.
    fn value(&mut self) -> u32 {
        match self.choices.byte() % 8 {
            0 | 1 => 0,
            2 | 3 => u32::from(self.choices.byte() % 16),
            4 => TEXT + u32::from(self.choices.byte()),
            5 => DATA + 4 * u32::from(self.choices.byte()),
            6 => self.choices.one_of(&[PAGE - 4, PAGE - 1, PAGE, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, HEAP, 1 << 20]),
            _ => self.choices.word(),
        }
    }

    fn put(&mut self, instruction: Instruction<'_>) {
        self.body.instruction(&instruction);
    }

    fn push(&mut self, of: ValType) {
        let value = self.value();
        match of {
            ValType::I32 => self.body.instruction(&Instruction::I32Const(value as i32)),
            ValType::I64 => self.body.instruction(&Instruction::I64Const(i64::from(value as i32))),
            ValType::F32 => self.body.instruction(&Instruction::F32Const(f32::from_bits(value).into())),
            _ => self.body.instruction(&Instruction::F64Const(f64::from(f32::from_bits(value)).into())),
        };
    }

    /// Statements of which most are calls of the host. `ends`: with nothing to return.
    fn statements(&mut self, ends: bool) -> Function {
        self.body = Function::new([(1, ValType::I32)]);
        for _ in 0..self.choices.byte() % 8 {
            self.statement();
        }
        if ends {
            self.body.instruction(&Instruction::End);
        }
        std::mem::replace(&mut self.body, Function::new([]))
    }

    fn statement(&mut self) {
        match self.choices.byte() {
            0 => self.put(Instruction::Unreachable),
            1 => self.forever(),
            2 => {
                let pages = i32::from(self.choices.byte());
                let body = &mut self.body;
                body.instruction(&Instruction::I32Const(pages))
                    .instruction(&Instruction::MemoryGrow(0))
                    .instruction(&Instruction::Drop);
            }
            _ => self.call(),
        }
    }

    fn forever(&mut self) {
        let body = &mut self.body;
        body.instruction(&Instruction::Loop(BlockType::Empty))
            .instruction(&Instruction::Br(0))
            .instruction(&Instruction::End);
    }

    fn call(&mut self) {
        let index = self.choices.below(self.calls.len());
        let Some(call) = self.calls.get(index).copied() else { return };
        call.params.iter().for_each(|of| self.push(*of));
        self.body.instruction(&Instruction::Call(index as u32));
        call.results.iter().for_each(|_| self.put(Instruction::Drop));
    }

    /// A function that the host calls. Most often it replies with its own piece of memory.
    fn entry(&mut self, number: u32, signature: &Signature) -> Function {
        let body = self.statements(false);
        self.body = body;
        let reply = DATA + REPLY * (number % 32);
        if signature.name.ends_with("message-policy@0.1.5#decide") {
            self.decide(reply);
            self.play(signature.params.len() as u32);
        }
        let is_wants = signature.name.ends_with("#wants");
        for of in &signature.results {
            match (of, self.choices.byte() % 8) {
                (ValType::I32, 0..=5) => {
                    self.body.instruction(&Instruction::I32Const(reply as i32));
                }
                _ => self.push(*of),
            }
        }
        if is_wants && !self.choices.once_in(4) {
            self.want_everything();
        }
        self.body.instruction(&Instruction::End);
        std::mem::replace(&mut self.body, Function::new([]))
    }

    /// A reply of zeros, or all messages.
    fn introduction(&mut self, signature: &Signature) -> Function {
        self.body = Function::new([]);
        let memory = wasm_encoder::MemArg { offset: 0, align: 3, memory_index: 0 };
        for address in (DATA..DATA + REPLY).chain(WANT..WANT + REPLY).step_by(8) {
            let body = &mut self.body;
            body.instruction(&Instruction::I32Const(address as i32)).instruction(&Instruction::I64Const(0));
            body.instruction(&Instruction::I64Store(memory));
        }
        for of in &signature.results {
            match of {
                ValType::I32 => self.put(Instruction::I32Const(DATA as i32)),
                _ => self.push(*of),
            }
        }
        if signature.name.ends_with("#wants") {
            self.want_everything();
        }
        self.body.instruction(&Instruction::End);
        std::mem::replace(&mut self.body, Function::new([]))
    }

    /// Passing is what a reply of zeros says.
    fn decide(&mut self, reply: u32) {
        match self.reply {
            Reply::Pass => {}
            Reply::Trap => self.put(Instruction::Unreachable),
            Reply::Drop => {
                let memory = wasm_encoder::MemArg { offset: 0, align: 0, memory_index: 0 };
                let body = &mut self.body;
                body.instruction(&Instruction::I32Const(reply as i32)).instruction(&Instruction::I32Const(1));
                body.instruction(&Instruction::I32Store8(memory));
            }
        }
    }

    /// The script. `counter`: a local.
    fn play(&mut self, counter: u32) {
        let body = &mut self.body;
        for (function, arguments, times) in &self.script.lines {
            body.instruction(&Instruction::I32Const(*times as i32)).instruction(&Instruction::LocalSet(counter));
            body.instruction(&Instruction::Loop(BlockType::Empty));
            for argument in arguments {
                body.instruction(&Instruction::I32Const(*argument as i32));
            }
            body.instruction(&Instruction::Call(*function));
            let results = &self.calls[*function as usize].results;
            for _ in results {
                body.instruction(&Instruction::Drop);
            }
            body.instruction(&Instruction::LocalGet(counter)).instruction(&Instruction::I32Const(1));
            body.instruction(&Instruction::I32Sub).instruction(&Instruction::LocalTee(counter));
            body.instruction(&Instruction::BrIf(0)).instruction(&Instruction::End);
        }
    }

    /// In place of the reply: one want, of all messages.
    fn want_everything(&mut self) {
        let body = &mut self.body;
        body.instruction(&Instruction::Drop);
        let memory = wasm_encoder::MemArg { offset: 0, align: 2, memory_index: 0 };
        for (address, value) in [(WANT + 32, WANT), (WANT + 36, 1)] {
            body.instruction(&Instruction::I32Const(address as i32)).instruction(&Instruction::I32Const(value as i32));
            body.instruction(&Instruction::I32Store(memory));
        }
        body.instruction(&Instruction::I32Const(WANT as i32 + 32));
    }

    fn realloc(&mut self) -> Function {
        let kind = self.choices.byte() % 24;
        self.body = Function::new([]);
        if self.script.heap > 0 {
            let free = self.script.free() as i32;
            self.body.instruction(&Instruction::I32Const(free)).instruction(&Instruction::End);
            return std::mem::replace(&mut self.body, Function::new([]));
        }
        match kind {
            1 => self.put(Instruction::Unreachable),
            2 => self.forever(),
            3 | 4 => self.call(),
            5 => self.recurse(),
            6 => self.grow(),
            _ => {}
        }
        match kind {
            7..=10 => self.push(ValType::I32),
            11 => self.bump(1),
            _ => self.bump(0),
        }
        self.body.instruction(&Instruction::End);
        std::mem::replace(&mut self.body, Function::new([]))
    }

    fn recurse(&mut self) {
        (0..4).for_each(|local| self.put(Instruction::LocalGet(local)));
        let function = self.calls.len() as u32;
        self.body.instruction(&Instruction::Call(function)).instruction(&Instruction::Drop);
    }

    fn grow(&mut self) {
        let body = &mut self.body;
        body.instruction(&Instruction::I32Const(1))
            .instruction(&Instruction::MemoryGrow(0))
            .instruction(&Instruction::Drop);
    }

    /// The next free bytes, from a multiple of eight, moved by so many.
    fn bump(&mut self, moved: i32) {
        let body = &mut self.body;
        body.instruction(&Instruction::GlobalGet(0))
            .instruction(&Instruction::I32Const(moved))
            .instruction(&Instruction::I32Add);
        body.instruction(&Instruction::GlobalGet(0))
            .instruction(&Instruction::LocalGet(3))
            .instruction(&Instruction::I32Add);
        body.instruction(&Instruction::I32Const(7))
            .instruction(&Instruction::I32Add)
            .instruction(&Instruction::I32Const(-8));
        body.instruction(&Instruction::I32And).instruction(&Instruction::GlobalSet(0));
    }
}

fn realloc() -> Signature {
    Signature {
        module: String::new(),
        name: "cabi_realloc".into(),
        params: vec![ValType::I32; 4],
        results: vec![ValType::I32],
    }
}
