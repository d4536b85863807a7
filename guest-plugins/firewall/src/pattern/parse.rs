//! A pattern as it is written.

use super::class::Class;

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A byte of this set, so many times.
    Bytes(Class, Times),
    /// Here begins a capture.
    Open,
    /// A capture of the place itself.
    Place,
    /// Here ends the innermost open capture.
    Close,
    /// What this capture took, again.
    Again(usize),
    /// From this byte to the one that closes it.
    Balanced(u8, u8),
    /// Between a byte that is not of this set and one that is.
    Frontier(Class),
    /// The end of the text.
    End,
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Once.
    Once,
    /// Once, if possible.
    Perhaps,
    /// As often as possible.
    Most,
    /// As often as possible, and once at least.
    MostOnce,
    /// As rarely as possible.
    Fewest,
}

/// Captures of one pattern; Lua has as many.
pub const MOST_CAPTURES: usize = 32;
/// Steps of one pattern.
const MOST_ITEMS: usize = 200;

/// What is wrong, and at which byte.
pub type Flaw = (usize, String);

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    items: Vec<Item>,
    /// Is this capture still open?
    captures: Vec<bool>,
}

/// The steps of a pattern.
pub fn items(text: &str) -> Result<Vec<Item>, Flaw> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, items: Vec::new(), captures: Vec::new() };
    while reader.at < reader.bytes.len() {
        let start = reader.at;
        let item = reader.item().map_err(|what| (start, what))?;
        reader.items.push(item);
        if reader.items.len() > MOST_ITEMS {
            return Err((start, format!("a pattern has at most {MOST_ITEMS} steps")));
        }
    }
    match reader.captures.contains(&true) {
        true => Err((0, "a capture is not closed: `)` is missing".into())),
        false => Ok(reader.items),
    }
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn item(&mut self) -> Result<Item, String> {
        match (self.bytes[self.at], self.bytes.get(self.at + 1)) {
            (b'(', Some(b')')) => self.open(2, Item::Place),
            (b'(', _) => self.open(1, Item::Open),
            (b')', _) => self.close(),
            (b'$', None) => Ok(self.take(1, Item::End)),
            (b'%', Some(b'b')) => self.balanced(),
            (b'%', Some(b'f')) => self.frontier(),
            (b'%', Some(digit)) if digit.is_ascii_digit() => self.again(*digit),
            _ => self.bytes(),
        }
    }

    fn take(&mut self, length: usize, item: Item) -> Item {
        self.at += length;
        item
    }

    fn open(&mut self, length: usize, item: Item) -> Result<Item, String> {
        if self.captures.len() == MOST_CAPTURES {
            return Err(format!("a pattern has at most {MOST_CAPTURES} captures"));
        }
        self.captures.push(item == Item::Open);
        Ok(self.take(length, item))
    }

    fn close(&mut self) -> Result<Item, String> {
        let open = self.captures.iter().rposition(|open| *open).ok_or("`)` closes nothing; write `%)` for the sign")?;
        self.captures[open] = false;
        Ok(self.take(1, Item::Close))
    }

    fn balanced(&mut self) -> Result<Item, String> {
        let (Some(open), Some(close)) = (self.bytes.get(self.at + 2), self.bytes.get(self.at + 3)) else {
            return Err("two signs follow `%b`, like `%b()`".into());
        };
        let item = Item::Balanced(*open, *close);
        Ok(self.take(4, item))
    }

    fn frontier(&mut self) -> Result<Item, String> {
        self.at += 2;
        match self.next() {
            Some(b'[') => Ok(Item::Frontier(self.set()?)),
            _ => Err("a set follows `%f`, like `%f[%w]`".into()),
        }
    }

    fn again(&mut self, digit: u8) -> Result<Item, String> {
        let number = usize::from(digit - b'0');
        match number.checked_sub(1).and_then(|index| self.captures.get(index)) {
            Some(false) => Ok(self.take(2, Item::Again(number - 1))),
            _ => Err(format!("`%{number}` stands for a capture that is closed before it, and there is none")),
        }
    }

    fn bytes(&mut self) -> Result<Item, String> {
        let class = match self.next() {
            Some(b'.') => Class::ALL,
            Some(b'[') => self.set()?,
            Some(b'%') => Class::escaped(self.next().ok_or("the pattern ends after `%`; write `%%` for the sign")?),
            byte => Class::byte(byte.unwrap_or_default()),
        };
        Ok(Item::Bytes(class, self.times()))
    }

    fn times(&mut self) -> Times {
        let times = match self.peek() {
            Some(b'?') => Times::Perhaps,
            Some(b'*') => Times::Most,
            Some(b'+') => Times::MostOnce,
            Some(b'-') => Times::Fewest,
            _ => return Times::Once,
        };
        self.at += 1;
        times
    }

    /// What stands between brackets. A bracket that comes first is one of the set.
    fn set(&mut self) -> Result<Class, String> {
        let is_inverted = self.peek() == Some(b'^');
        self.at += usize::from(is_inverted);
        let start = self.at;
        let mut class = Class::NONE;
        loop {
            match self.next().ok_or("a set is not closed: `]` is missing")? {
                b']' if self.at > start + 1 => break,
                b'%' => class = class.and(Class::escaped(self.next().ok_or("a set is not closed: `]` is missing")?)),
                first => class = (first..=self.last_of_range(first)).fold(class, Class::with),
            }
        }
        Ok(if is_inverted { class.inverted() } else { class })
    }

    /// A minus before the closing bracket is one of the set.
    fn last_of_range(&mut self, first: u8) -> u8 {
        match (self.peek(), self.bytes.get(self.at + 1)) {
            (Some(b'-'), Some(last)) if *last != b']' => {
                self.at += 2;
                *last
            }
            _ => first,
        }
    }
}
