//! The marks in the words of a catalogue. The build writes them, `fill` reads them; no text has them, because they are control characters.

/// After each message.
pub const NEXT: char = '\u{0}';
/// Before the mark of an argument: its value is put in here.
pub const INSERT: char = '\u{1}';
/// Before the mark of an argument: one of the options that follow is chosen by its value.
pub const CHOOSE: char = '\u{2}';
/// Before the key of an option; an empty key is the default, and the last one.
pub const OPTION: char = '\u{3}';
/// Between the key of an option and its words.
pub const TEXT: char = '\u{4}';
/// After the last option.
pub const END: char = '\u{5}';

/// The marks of the arguments, in their order.
pub const ARGUMENTS: [char; 8] = ['0', '1', '2', '3', '4', '5', '6', '7'];
