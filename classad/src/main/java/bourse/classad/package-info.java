/// The ClassAd language and two-way matching.
@NullMarked
package bourse.classad;

import org.jspecify.annotations.NullMarked;
