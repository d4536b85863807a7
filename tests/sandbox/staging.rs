//! Staging: every step can fail, says which one it was, and leaves nothing behind.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mod_wasm_tests::guests;
use prosody_wasm_runtime::staging::{End, Job, Phase, Request, Stand, stage};
use prosody_wasm_runtime::{Engine, Gate, Limits, Purpose, Terms, Trust, identity};

struct Scene {
    folder: PathBuf,
    engine: Arc<Engine>,
}

impl Scene {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("staging-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        let engine = Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server)).unwrap();
        Self { folder, engine: Arc::new(engine) }
    }

    fn request(&self, guest: &str, settings: &str) -> Request {
        Request {
            name: guest.to_owned(),
            trust: Trust::default(),
            path: guests().join(format!("{guest}.wasm")),
            sha256: None,
            terms: Terms { settings: settings.into(), ..Terms::default() },
            accepted: None,
            cache: self.folder.join("cache"),
            compiler: env!("CARGO_MANIFEST_DIR").to_owned() + "/../target/release/prosody-wasm",
            compile_seconds: 60,
            kept: Some(self.folder.join("kept")),
            unless: None,
            gate: None,
        }
    }

    fn script(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn refused(&self, request: &Request, phase: Phase, reason: &str) {
        let Err(refusal) = stage(&self.engine, request, true) else { panic!("{} was staged", request.path.display()) };
        assert!(refusal.to_string().contains(reason), "{refusal}");
        assert_eq!(refusal.phase, phase, "{refusal}");
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn from_a_file_to_a_generation() {
    let scene = Scene::new("whole");
    let request = scene.request("scripted", "{}");
    let not_compiled = stage(&scene.engine, &request, false).err().unwrap();
    assert_eq!(not_compiled.phase, Phase::Compiling);
    let End::Staged(staged) = stage(&scene.engine, &request, true).unwrap() else { panic!("it is new") };
    let generation = &staged.generation;
    assert_eq!(generation.identity, identity(&generation.policy.sha256, &request.terms));
    let kept = scene.folder.join("kept").join(format!("{}.wasm", generation.policy.sha256));
    assert_eq!(fs::read(kept).unwrap(), fs::read(&request.path).unwrap());
    assert!(matches!(stage(&scene.engine, &request, false), Ok(End::Staged(_))), "compiled by now");
    let again = Request { unless: Some(generation.identity.clone()), ..request };
    assert!(matches!(stage(&scene.engine, &again, true), Ok(End::Unchanged)));
}

#[test]
fn in_a_thread() {
    let scene = Scene::new("thread");
    let mut job = Job::start(&scene.engine, scene.request("scripted", "{}")).unwrap();
    let mut seen = Vec::new();
    let end = loop {
        match job.poll() {
            Stand::Running(phase) if seen.last() == Some(&phase) => std::thread::sleep(Duration::from_millis(1)),
            Stand::Running(phase) => seen.push(phase),
            Stand::Ended(end) => break end,
        }
    };
    assert!(matches!(end, Ok(End::Staged(_))));
    assert!(seen.contains(&Phase::Compiling), "{seen:?}");
    assert!(matches!(job.poll(), Stand::Ended(Err(_))), "it ends once");
}

#[test]
fn cancelled_it_ends_with_its_child() {
    let scene = Scene::new("cancelled");
    let compiler = scene.script("hanging", &format!("echo $$ > {}/pid; exec sleep 60", scene.folder.display()));
    let mut job = Job::start(&scene.engine, Request { compiler, ..scene.request("scripted", "{}") }).unwrap();
    let pid = scene.folder.join("pid");
    while !fs::read_to_string(&pid).is_ok_and(|text| text.ends_with('\n')) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let before = Instant::now();
    job.cancel();
    assert!(before.elapsed() < Duration::from_secs(5));
    let child = PathBuf::from("/proc").join(fs::read_to_string(&pid).unwrap().trim());
    assert!(!child.exists(), "the child is gone");
}

#[test]
fn refusals_name_their_step() {
    let scene = Scene::new("refusals");
    let request = |settings| scene.request("misbehaving", settings);
    let good = scene.request("scripted", "{}");
    let at = |path: &str| Request { path: path.into(), ..good.clone() };
    scene.refused(&at("/nonexistent.wasm"), Phase::Reading, "no such file");
    scene.refused(&Request { sha256: Some("0".repeat(64)), ..good.clone() }, Phase::Reading, "not the configured");
    scene.refused(
        &Request { compiler: "/nonexistent".into(), ..good.clone() },
        Phase::Compiling,
        "cannot start the compiler",
    );
    let hanging = scene.script("hanging", "exec sleep 60");
    scene.refused(
        &Request { compiler: hanging, compile_seconds: 0, ..good.clone() },
        Phase::Compiling,
        "longer than 0 s",
    );
    let lying = scene.script("lying", "exit 0");
    scene.refused(&Request { compiler: lying, ..good.clone() }, Phase::Compiling, "without a result");
    let grants = Terms { grants: Some(vec!["log".into()]), ..Terms::default() };
    scene.refused(&Request { terms: grants, ..good.clone() }, Phase::Granting, "add \"edits\"");
    let accepted = Some(vec!["envelope".to_owned(), "log".to_owned()]);
    scene.refused(&Request { accepted, ..good.clone() }, Phase::Granting, "it newly changes stanzas on their way");
    scene.refused(&scene.request("scripted", r#"{"no_such": 1}"#), Phase::Configuring, "refuses its settings");
    let limits = Limits { milliseconds: 0, ..Limits::default() };
    scene.refused(
        &Request { terms: Terms { limits, ..Terms::default() }, ..good.clone() },
        Phase::Loading,
        "limits.milliseconds",
    );
    scene.refused(&request(r#"{"how": "panic", "when": "configure"}"#), Phase::Configuring, "panicked");
    scene.refused(&request(r#"{"how": "panic", "when": "decide"}"#), Phase::Probing, "tried out on sample stanzas");
    scene.refused(&request(r#"{"how": "loop", "when": "decide"}"#), Phase::Probing, "ran longer");
    for (settings, found) in [
        (r#"{"expects": "refuse"}"#, "pass instead of refuse"),
        (r#"{"expects": "pass", "append": "x"}"#, "edit instead of pass"),
        (r#"{"expects": "edit", "verdict": "drop"}"#, "refuse instead of edit"),
        (r#"{"expects": "edit", "namespaces": ["urn:other"]}"#, "pass instead of edit"),
    ] {
        let reason = format!(
            "its sample \"a body\" came out otherwise than it expects, {found}: correct the sample, or the policy under these settings"
        );
        scene.refused(&scene.request("scripted", settings), Phase::Probing, &reason);
    }
    let gate = |path: PathBuf| Some(Gate { path, allow_differences: 0 });
    scene.refused(
        &Request { gate: gate("/nonexistent".into()), ..good.clone() },
        Phase::Gating,
        "cannot read the recording",
    );
    fs::write(scene.folder.join("not-a-folder"), "").unwrap();
    let kept = Some(scene.folder.join("not-a-folder"));
    scene.refused(&Request { kept, ..good.clone() }, Phase::Keeping, "is not a folder");
}

#[test]
fn samples_that_come_out_as_expected() {
    let scene = Scene::new("samples");
    for settings in [
        r#"{"expects": "pass"}"#,
        r#"{"expects": "edit", "append": "x"}"#,
        r#"{"expects": "refuse", "verdict": "drop"}"#,
    ] {
        assert!(
            matches!(stage(&scene.engine, &scene.request("scripted", settings), true), Ok(End::Staged(_))),
            "{settings}"
        );
    }
}

#[test]
fn an_upgrade_that_wants_no_more_is_taken() {
    let scene = Scene::new("accepted");
    let accepted = ["envelope", "edits", "log", "clock", "outbox", "store", "roster"].map(str::to_owned).to_vec();
    let request = Request { accepted: Some(accepted), ..scene.request("scripted", "{}") };
    assert!(matches!(stage(&scene.engine, &request, true), Ok(End::Staged(_))));
}

#[test]
fn a_gate() {
    use mod_wasm_tests::{Guest, Host};
    use prosody_wasm_runtime::recording::Order;
    let scene = Scene::new("gate");
    let path = scene.folder.join("recording");
    let mut host = Host::with(&[Guest::default()]);
    host.chain
        .record("guest", &Order { path: path.clone(), count: 3, redact: false, failures_only: false }, 1)
        .unwrap();
    for text in [
        "<message from='a@x'><body>hi</body></message>",
        "<message from='a@x'><foo/></message>",
        "<message from='a@x'/>",
    ] {
        host.judge(text);
    }
    host.chain.stop_recording("guest").unwrap().unwrap();
    let gated = |settings: &str, allow_differences| Request {
        gate: Some(Gate { path: path.clone(), allow_differences }),
        ..scene.request("scripted", settings)
    };
    let End::Staged(staged) = stage(&scene.engine, &gated("{}", 0), true).unwrap() else { panic!("it is new") };
    assert_eq!(staged.gate.map(|passed| (passed.compared, passed.differences)), Some((3, 0)));
    let stricter = r#"{"verdict": "drop", "refuses": "foo"}"#;
    scene.refused(
        &gated(stricter, 0),
        Phase::Gating,
        "1 of 3 recorded stanzas otherwise, 0 are allowed; the first is stanza 2: pass then, drop now",
    );
    assert!(stage(&scene.engine, &gated(stricter, 1), true).is_ok());
}
