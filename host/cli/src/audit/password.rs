//! The password of a PostgreSQL database, from where PostgreSQL's own programs take it: the URL, `PGPASSWORD`, or a
//! line of `~/.pgpass` (`PGPASSFILE`) that others cannot read.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use postgres::Config;
use postgres::config::Host;

/// Adds a password unless the URL has one.
pub fn complete(config: &mut Config) {
    if config.get_password().is_some() {
        return;
    }
    let found = std::env::var("PGPASSWORD").ok().or_else(|| in_file(&file()?, &target(config)));
    if let Some(password) = found {
        config.password(password);
    }
}

/// What a line has to fit: host, port, database and user.
fn target(config: &Config) -> [String; 4] {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(_)) | None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let user = config.get_user().unwrap_or_default().to_owned();
    let database = config.get_dbname().unwrap_or(&user).to_owned();
    [host, port, database, user]
}

/// The content of the file, if nobody else can read it.
fn file() -> Option<String> {
    let named = std::env::var_os("PGPASSFILE").map(PathBuf::from);
    let path = named.or_else(|| Some(std::env::home_dir()?.join(".pgpass")))?;
    let is_private = path.metadata().ok()?.permissions().mode() & 0o077 == 0;
    is_private.then(|| std::fs::read_to_string(path).ok()).flatten()
}

fn in_file(content: &str, target: &[String; 4]) -> Option<String> {
    content.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let [fields @ .., password] = &fields(line)[..] else { return None };
        let fits = |(field, wanted): (&String, &String)| field == "*" || field == wanted;
        (fields.len() == target.len() && fields.iter().zip(target).all(fits)).then(|| password.clone())
    })
}

/// Fields between colons; `\:` and `\\` stand for themselves.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields.iter_mut().last().into_iter().for_each(|field| field.extend(letters.next())),
            letter => fields.iter_mut().last().into_iter().for_each(|field| field.push(letter)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_line() {
        let target = ["localhost", "5432", "prosody", "prosody"].map(str::to_owned);
        for (content, expected) in [
            ("localhost:5432:prosody:prosody:secret", Some("secret")),
            ("# a comment\nother:*:*:*:no\n*:*:*:prosody:a\\:b:c\\\\", Some("a:b:c\\")),
            ("localhost:5433:prosody:prosody:secret", None),
            ("localhost:5432:prosody", None),
            ("", None),
        ] {
            assert_eq!(in_file(content, &target).as_deref(), expected, "{content}");
        }
    }
}
