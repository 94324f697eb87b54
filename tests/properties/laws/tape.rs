//! Bytes as a row of decisions. At its end a tape goes on with zeros, so that any bytes are a whole story.

/// What a law reads its decisions from.
pub struct Tape<'a>(&'a [u8]);

impl<'a> Tape<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    pub fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// One of so many, from 0.
    pub fn choice(&mut self, of: usize) -> usize {
        if of < 2 {
            0
        } else {
            usize::from(self.byte()) % of
        }
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.choice(of.len())]
    }

    /// A text with its length before it.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte()).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// All that is left, as text.
    pub fn rest_text(&mut self) -> String {
        String::from_utf8_lossy(self.rest()).into_owned()
    }
}

/// The same the other way round, for seeds.
#[derive(Default)]
pub struct Recording(pub Vec<u8>);

impl Recording {
    pub fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    pub fn text(mut self, text: &str) -> Self {
        let end = text.floor_char_boundary(255);
        self.0.push(end as u8);
        self.0.extend(&text.as_bytes()[..end]);
        self
    }

    pub fn rest(mut self, bytes: impl AsRef<[u8]>) -> Vec<u8> {
        self.0.extend(bytes.as_ref());
        self.0
    }
}
