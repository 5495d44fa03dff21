//! What the bytes of an attachment are, and what a picture says beside what it shows: where, when and by whom it was taken.
//!
//! A picture is a row of parts with their lengths (JPEG: ISO 10918-1 annex B, PNG: W3C PNG chapter 5, WebP: RFC 9649). What is needed to
//! show it is known and short, so everything else is metadata: EXIF, XMP, IPTC, comments, thumbnails, and what stands behind the end.

use std::ops::Range;

/// A content that was looked through. Its pixels were not decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content<'a> {
    /// RFC 6838, one of [`crate::Attachment::MEDIA_TYPES`].
    pub media_type: &'static str,
    bytes: &'a [u8],
    /// Where the parts stand that are needed to show it, in order.
    needed: Vec<Range<usize>>,
}

/// The bytes are none of the media types that are taken, or end too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no picture or document that is taken")]
pub struct NotReadable;

impl<'a> Content<'a> {
    /// Looks a content through.
    ///
    /// # Errors
    /// It is none that is taken.
    pub fn read(bytes: &'a [u8]) -> Result<Self, NotReadable> {
        let (media_type, needed) = match bytes {
            [0xff, 0xd8, 0xff, ..] => ("image/jpeg", jpeg(bytes)?),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => ("image/png", png(bytes)?),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ("image/webp", webp(bytes)?),
            [b'%', b'P', b'D', b'F', b'-', ..] => ("application/pdf", Needed::from_start(bytes.len())),
            _ => return Err(NotReadable),
        };
        Ok(Self { media_type, bytes, needed: needed.0 })
    }

    /// Whether it says more than it shows. What a document says of itself belongs to it and is not looked at.
    pub fn has_metadata(&self) -> bool {
        self.needed.iter().map(ExactSizeIterator::len).sum::<usize>() < self.bytes.len()
    }

    /// The same picture with nothing beside it.
    pub fn without_metadata(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.needed.iter().flat_map(|part| &self.bytes[part.clone()]).copied().collect();
        if self.media_type == "image/webp" {
            // The length of what follows, and in the extended form two flags for what is gone.
            let length = u32::try_from(bytes.len() - 8).unwrap_or(u32::MAX);
            bytes[4..8].copy_from_slice(&length.to_le_bytes());
            if bytes.get(12..16) == Some(b"VP8X") {
                bytes[20] &= !0b1100;
            }
        }
        bytes
    }
}

/// The parts that are needed; neighbours are one.
struct Needed(Vec<Range<usize>>);

impl Needed {
    /// The first bytes, with which the content begins.
    fn from_start(bytes: usize) -> Self {
        Self(std::iter::once(0..bytes).collect())
    }

    fn add(&mut self, part: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => self.0.push(part),
        }
    }
}

fn jpeg(bytes: &[u8]) -> Result<Needed, NotReadable> {
    let mut needed = Needed::from_start(2);
    let mut at = 2;
    loop {
        let [0xff, marker] = *bytes.get(at..at + 2).ok_or(NotReadable)? else { return Err(NotReadable) };
        let end = match marker {
            // Filling.
            0xff => at + 1,
            0xd9 => {
                needed.add(at..at + 2);
                return Ok(needed);
            }
            0x01 | 0xd0..=0xd7 => at + 2,
            _ => at + 2 + be(bytes, at + 2, 2)?,
        };
        let segment = bytes.get(at..end).filter(|segment| !segment.is_empty()).ok_or(NotReadable)?;
        let says = |name: &[u8]| segment.get(4..).is_some_and(|text| text.starts_with(name));
        let end = if marker == 0xda { end_of_scan(bytes, end)? } else { end };
        let is_needed = match marker {
            0xe0 => says(b"JFIF\0") && segment.len() == 18,
            0xe2 => says(b"ICC_PROFILE\0"),
            0xee => says(b"Adobe"),
            0xe0..=0xef | 0xfe => false,
            _ => true,
        };
        if is_needed {
            needed.add(at..end);
        }
        at = end;
    }
}

/// Behind the compressed pixels: at the next marker that is neither a stuffed byte nor a restart.
fn end_of_scan(bytes: &[u8], start: usize) -> Result<usize, NotReadable> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    let scan = bytes.get(start..).ok_or(NotReadable)?;
    scan.windows(2).position(is_marker).map(|length| start + length).ok_or(NotReadable)
}

fn png(bytes: &[u8]) -> Result<Needed, NotReadable> {
    const NEEDED: [&[u8; 4]; 15] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL",
        b"fdAT",
    ];
    let mut needed = Needed::from_start(8);
    let mut at = 8;
    loop {
        let end = be(bytes, at, 4)?.saturating_add(at + 12);
        let chunk = bytes.get(at..end).ok_or(NotReadable)?;
        if NEEDED.iter().any(|name| chunk[4..8] == **name) {
            needed.add(at..end);
        }
        if &chunk[4..8] == b"IEND" {
            return Ok(needed);
        }
        at = end;
    }
}

fn webp(bytes: &[u8]) -> Result<Needed, NotReadable> {
    const NEEDED: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    let riff_end = le(bytes, 4)?.saturating_add(8);
    let riff = bytes.get(..riff_end).ok_or(NotReadable)?;
    let mut needed = Needed::from_start(12);
    let mut at = 12;
    while at < riff_end {
        let length = le(riff, at + 4)?;
        // Chunks begin at even places.
        let end = length.saturating_add(length % 2).saturating_add(at + 8);
        let chunk = riff.get(at..end).ok_or(NotReadable)?;
        if NEEDED.iter().any(|name| chunk[..4] == **name) {
            needed.add(at..end);
        }
        at = end;
    }
    Ok(needed)
}

/// A number of `bytes` bytes, the largest first.
fn be(content: &[u8], at: usize, bytes: usize) -> Result<usize, NotReadable> {
    let digits = content.get(at..at + bytes).ok_or(NotReadable)?;
    Ok(digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)))
}

/// A number of four bytes, the smallest first.
fn le(content: &[u8], at: usize) -> Result<usize, NotReadable> {
    let digits = content.get(at..at + 4).ok_or(NotReadable)?;
    Ok(digits.iter().rev().fold(0, |number, digit| number << 8 | usize::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, text: &[u8]) -> Vec<u8> {
        let length = u16::try_from(text.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], length.as_slice(), text].concat()
    }

    fn jpeg_of(more: &[Vec<u8>]) -> Vec<u8> {
        let jfif = segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
        let scan = [segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]].concat();
        [&[0xff, 0xd8], jfif.as_slice(), &more.concat(), &scan, &segment(0xc4, &[7]), &scan, &[0xff, 0xd9]].concat()
    }

    fn chunk(name: &[u8], text: &[u8]) -> Vec<u8> {
        [&u32::try_from(text.len()).unwrap().to_be_bytes(), name, text, &[0; 4]].concat()
    }

    fn png_of(more: &[Vec<u8>]) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", &[1; 13]).as_slice(), &more.concat(), &chunk(b"IDAT", &[5; 9]), &chunk(b"IEND", b"")].concat()
    }

    fn piece(name: &[u8], text: &[u8]) -> Vec<u8> {
        let filling: &[u8] = if text.len() % 2 == 1 { &[0] } else { &[] };
        [name, &u32::try_from(text.len()).unwrap().to_le_bytes(), text, filling].concat()
    }

    fn webp_of(flags: u8, more: &[Vec<u8>]) -> Vec<u8> {
        let extended = piece(b"VP8X", &[flags, 0, 0, 0, 9, 0, 0, 9, 0, 0]);
        let parts = [b"WEBP", extended.as_slice(), &piece(b"VP8L", &[3; 5]), &more.concat()].concat();
        piece(b"RIFF", &parts)
    }

    #[test]
    fn what_a_picture_says_beside_what_it_shows_is_found_and_taken_off() {
        let icc = segment(0xe2, b"ICC_PROFILE\0\x01\x01colours");
        let clean = [jpeg_of(std::slice::from_ref(&icc)), png_of(&[chunk(b"gAMA", &[0; 4])]), webp_of(0, &[piece(b"ALPH", &[1])])];
        let said = [
            jpeg_of(&[segment(0xe1, b"Exif\0\0MM\0*"), icc, segment(0xfe, b"Ana"), segment(0xed, b"Photoshop 3.0\0")]),
            png_of(&[chunk(b"eXIf", b"MM"), chunk(b"gAMA", &[0; 4]), chunk(b"tEXt", b"Author\0Ana")]),
            webp_of(0b1100, &[piece(b"ALPH", &[1]), piece(b"EXIF", b"MM"), piece(b"XMP ", b"<x/>")]),
        ];
        for (clean, said) in clean.iter().zip(&said) {
            assert!(!Content::read(clean).unwrap().has_metadata(), "{clean:x?}");
            let content = Content::read(said).unwrap();
            assert!(content.has_metadata(), "{}", content.media_type);
            assert_eq!(&content.without_metadata(), clean, "{}", content.media_type);
            // Something behind the end, such as a film that a phone hides there.
            let behind = [clean, b"mp42".as_slice()].concat();
            assert_eq!(&Content::read(&behind).unwrap().without_metadata(), clean);
            assert!(Content::read(&behind).unwrap().has_metadata());
        }
    }

    #[test]
    fn more_pictures_and_small_ones_within_a_picture_are_metadata() {
        for hidden in
            [segment(0xe2, b"MPF\0MM\0*"), segment(0xe0, b"JFXX\0\x10small"), segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01abc")]
        {
            assert!(Content::read(&jpeg_of(&[hidden])).unwrap().has_metadata());
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_not_readable_and_nothing_panics() {
        for whole in [jpeg_of(&[]), png_of(&[]), webp_of(0, &[])] {
            for end in 0..whole.len() {
                assert_eq!(Content::read(&whole[..end]), Err(NotReadable), "{end}");
            }
            for at in 0..whole.len() {
                for byte in [0, 0x7f, 0xff] {
                    let mut changed = whole.clone();
                    changed[at] = byte;
                    drop(Content::read(&changed).map(|content| content.without_metadata()));
                }
            }
        }
        for other in ["<html>", "GIF89a", "PK\x03\x04", ""] {
            assert_eq!(Content::read(other.as_bytes()), Err(NotReadable), "{other}");
        }
        assert_eq!(Content::read(b"%PDF-1.7\n%%EOF").unwrap().media_type, "application/pdf");
    }
}
