package bourse.protocol;

/// An order and its owner's signature.
///
/// @param signature 65 bytes `r s v`, or empty where the owner signed by a transaction
public record Signed<O extends Order>(O order, Bytes signature) {}
