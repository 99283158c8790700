package bourse.sandbox;

/// Why a program can not run here at all: one of the first four [Cause]s, and a sentence for its author.
public record Refusal(Cause cause, String message) {}
