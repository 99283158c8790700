package bourse.classad;

/// How an ad is written.
public enum Form {
    /// `[ Name = expression; … ]`, strings with the escapes of C.
    NEW,
    /// Also called the long form: a line `Name = expression` for each attribute, a blank line after the last; in a
    /// string a backslash is itself but before a quote. `is` prints as `=?=`, reals print as short as they can.
    OLD
}
