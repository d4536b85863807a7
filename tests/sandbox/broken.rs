//! Files that are no components, or no longer: refused with a reason, by this process and by the child that compiles, and none
//! ends either.   BROKEN=1000: how many of them the child gets; seeded, so that each run has the same.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use mod_wasm_tests::guests;
use prosody_wasm_runtime::staging::{End, NotStaged, Phase, Request, stage};
use prosody_wasm_runtime::{Engine, Purpose, Terms, Trust};

const SEED: u64 = 8;
const FLIPS: usize = 500;

struct Scene {
    folder: PathBuf,
    engine: Engine,
}

impl Scene {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("broken-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        let engine = Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server)).unwrap();
        Self { folder, engine }
    }

    fn stage(&self, path: &Path, may_compile: bool) -> Result<End, NotStaged> {
        let request = Request {
            name: "guest".into(),
            trust: Trust::default(),
            path: path.to_owned(),
            sha256: None,
            terms: Terms::default(),
            accepted: None,
            cache: self.folder.join("cache"),
            compiler: env!("CARGO_MANIFEST_DIR").to_owned() + "/../target/release/prosody-wasm",
            compile_seconds: 60,
            kept: None,
            unless: None,
            gate: None,
        };
        stage(&self.engine, &request, may_compile)
    }

    fn write(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join("broken.wasm");
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn flip(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut flipped = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let position = self.below(flipped.len());
            flipped[position] ^= 1 << self.below(8);
        }
        flipped
    }
}

fn whole() -> Vec<u8> {
    fs::read(guests().join("panicking.wasm")).unwrap()
}

#[test]
fn what_is_no_component() {
    let scene = Scene::new("kinds");
    let at = |name: &str| scene.folder.join(name);
    nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    symlink("loop", at("loop")).unwrap();
    File::create(at("sparse")).unwrap().set_len(200 << 20).unwrap();
    fs::write(at("elf"), b"\x7fELF\x02\x01\x01").unwrap();
    fs::write(at("empty"), b"").unwrap();
    for (path, reason) in [
        (at("pipe"), "not a file"),
        (at("loop"), "cannot read"),
        (at("sparse"), "larger than 64 MiB"),
        (at("elf"), "not WebAssembly"),
        (at("empty"), "not WebAssembly"),
        (at("nothing"), "no such file"),
        (at("empty/below"), "cannot read"),
        (scene.folder.clone(), "not a file"),
        ("/dev/zero".into(), "not a file"),
    ] {
        let refusal = scene.stage(&path, true).err().unwrap();
        assert!(refusal.to_string().contains(reason), "{refusal}");
        assert_eq!(refusal.phase, Phase::Reading, "{refusal}");
    }
}

/// What the server itself reads of a component, before a child compiles it.
#[test]
fn cut_and_flipped_in_the_server() {
    let (scene, whole, mut random) = (Scene::new("server"), whole(), Random(SEED));
    let lengths = (0..whole.len().min(4096)).chain((4096..whole.len()).step_by(997));
    let cut = lengths.map(|length| whole[..length].to_vec());
    let flipped = (0..FLIPS).map(|_| random.flip(&whole)).collect::<Vec<_>>();
    for bytes in cut.chain(flipped) {
        let refusal = scene.stage(&scene.write(&bytes), false).err().unwrap();
        assert!(!refusal.to_string().is_empty());
    }
}

/// The child may find nothing wrong with a flipped bit. What it is ended by, if it is, is never a signal.
#[test]
fn cut_and_flipped_in_the_child() {
    let (scene, whole, mut random) = (Scene::new("child"), whole(), Random(SEED));
    let count = std::env::var("BROKEN").ok().and_then(|count| count.parse().ok()).unwrap_or(24);
    for number in 0..count {
        let bytes = match number % 3 {
            0 => whole[..8 + random.below(whole.len() - 8)].to_vec(),
            _ => random.flip(&whole),
        };
        if let Err(refusal) = scene.stage(&scene.write(&bytes), true) {
            let text = refusal.to_string();
            assert!(!text.contains("signal") && !text.contains("panicked at"), "number {number}: {text}");
        }
    }
}
