//! Where the parts of a document are, in a few octets each: a run may have a million mailboxes and five forms.

use std::io::{self, Write};

use super::form::Sheet;
use super::spool::Span;

/// Parts of one spool in the order in which they came, each with its place in the document.
///
/// Of each is kept how far it is from the one before: the place, the octets between both, and its length, in seven bits to
/// the octet.
#[derive(Debug)]
pub(crate) struct Parts {
    packed: Vec<u8>,
    len: usize,
    place: usize,
    end: u64,
    in_order: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self { packed: Vec::new(), len: 0, place: 0, end: 0, in_order: true }
    }
}

impl Parts {
    /// Adds a part, which is behind the others in the spool.
    pub(crate) fn push(&mut self, place: usize, span: Span) {
        self.in_order &= self.len == 0 || place >= self.place;
        pack(&mut self.packed, folded(as_u64(place).wrapping_sub(as_u64(self.place))));
        pack(&mut self.packed, span.at.saturating_sub(self.end));
        pack(&mut self.packed, u64::from(span.len));
        self.len += 1;
        (self.place, self.end) = (place, span.at + u64::from(span.len));
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) const fn are_in_order(&self) -> bool {
        self.in_order
    }

    /// The parts as they came.
    fn iter(&self) -> impl Iterator<Item = (usize, Span)> {
        let (mut packed, mut place, mut end) = (self.packed.iter().copied(), 0_u64, 0_u64);
        std::iter::from_fn(move || {
            let (by, gap, len) = (unpack(&mut packed)?, unpack(&mut packed)?, unpack(&mut packed)?);
            place = place.wrapping_add(unfolded(by));
            let span = Span { at: end + gap, len: u32::try_from(len).unwrap_or(u32::MAX) };
            end = span.at + len;
            Some((usize::try_from(place).unwrap_or(usize::MAX), span))
        })
    }

    /// The parts by their places; those of one place in the order in which they came.
    pub(crate) fn in_order(&self) -> Vec<(usize, Span)> {
        let mut parts = Vec::with_capacity(self.len);
        parts.extend(self.iter());
        if !self.in_order {
            // In place: a stable sort takes half as much memory again. What came later is behind in the spool.
            parts.sort_unstable_by_key(|(place, span)| (*place, span.at));
        }
        parts
    }

    /// Copies the parts by their places, with something between two of them.
    pub(crate) fn copy(&self, between: &str, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let copied = |(number, (_, span)): (usize, (usize, Span))| {
            if number > 0 {
                out.write_all(between.as_bytes())?;
            }
            sheet.copy(span, out)
        };
        if self.in_order {
            self.iter().enumerate().try_for_each(copied)
        } else {
            self.in_order().into_iter().enumerate().try_for_each(copied)
        }
    }
}

fn as_u64(place: usize) -> u64 {
    u64::try_from(place).unwrap_or(u64::MAX)
}

/// A difference as a number that is small where the difference is, whatever its sign.
const fn folded(by: u64) -> u64 {
    if by >> 63 == 0 { by << 1 } else { !(by << 1) }
}

const fn unfolded(by: u64) -> u64 {
    if by & 1 == 0 { by >> 1 } else { !(by >> 1) }
}

/// Seven bits to the octet, the lowest first; the highest bit says that more follow.
fn pack(packed: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        packed.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    packed.push(u8::try_from(number).unwrap_or(0));
}

fn unpack(packed: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let octet = packed.next()?;
        number |= u64::from(octet & 0x7f) << shift;
        if octet < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_by_their_places_from_a_few_octets_each() {
        let mut parts = Parts::default();
        let mut wanted = Vec::new();
        let mut at = 0;
        for number in 0..10_000_usize {
            // Of three that are visited at a time, the last is done first.
            let place = number / 3 * 3 + 2 - number % 3;
            let len = u32::try_from(4_000 + number % 900).unwrap();
            parts.push(place, Span { at: at + 2, len });
            wanted.push((place, Span { at: at + 2, len }));
            at += 2 + u64::from(len);
        }
        assert!(!parts.are_in_order() && parts.len() == 10_000);
        wanted.sort_by_key(|(place, _)| *place);
        assert!(parts.in_order() == wanted);
        assert!(parts.packed.len() <= 4 * parts.len(), "{}", parts.packed.len());
    }

    #[test]
    fn the_largest_numbers_come_back_too() {
        let mut parts = Parts::default();
        let far = Span { at: u64::MAX / 2, len: u32::MAX };
        for (place, span) in
            [(3, Span { at: 0, len: 0 }), (usize::MAX, far), (0, Span { at: u64::MAX - 9, len: 9 })]
        {
            parts.push(place, span);
        }
        let places: Vec<usize> = parts.in_order().iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [0, 3, usize::MAX]);
        assert_eq!(parts.in_order()[2].1, far);
        assert_eq!(parts.in_order()[0].1, Span { at: u64::MAX - 9, len: 9 });
    }

    #[test]
    fn parts_of_one_place_stay_as_they_came() {
        let mut parts = Parts::default();
        for (place, at) in [(1, 0), (1, 5), (0, 9)] {
            parts.push(place, Span { at, len: 1 });
        }
        let order: Vec<u64> = parts.in_order().iter().map(|(_, span)| span.at).collect();
        assert_eq!(order, [9, 0, 5]);
    }
}
