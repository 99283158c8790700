/// Doors as HTTP: a role can not tell the object next to it from a client for one on another machine.
///
/// [Server] is what every server is made of: [Part]s with their routes and what tells of them, limits for
/// strangers ([Limits], [Watch]), and errors as `application/problem+json` ([Problem]). Whoever must say who
/// he is signs his call, which [Guard] checks; [SignedLine] signs. iExec's clients sign [Challenges] instead. [Json] is
/// the one way in which nouns are
/// written.
@NullMarked
package bourse.wire;

import org.jspecify.annotations.NullMarked;
