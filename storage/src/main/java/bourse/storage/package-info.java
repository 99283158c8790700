/// Where bytes and rows are kept: [bourse.storage.Directory] and [bourse.storage.S3] hold files by their
/// digest, [bourse.storage.Postgres] what a role alone knows.
@NullMarked
package bourse.storage;

import org.jspecify.annotations.NullMarked;
