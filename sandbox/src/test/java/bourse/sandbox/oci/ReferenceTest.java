package bourse.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import bourse.sandbox.Cause;
import bourse.sandbox.Program;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox",
                "busybox:latest",
                "busybox@sha256:abc",
                "busybox@md5:00000000000000000000000000000000",
                "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "a b@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "-v/:/@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "http://host/name@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "x?y=z@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            })
    void takesNoImageWithoutItsDigest(String reference) {
        assertThatThrownBy(() -> Reference.of(image(reference)))
                .asInstanceOf(throwable(Unusable.class))
                .satisfies(e -> assertThat(e.refusal().cause()).isEqualTo(Cause.IMAGE_NOT_PINNED));
    }

    @Test
    void forgetsTheTagBesideADigest() throws Unusable {
        var digest = "0".repeat(64);

        var reference = Reference.of(image("docker.io/library/busybox:1.35@sha256:" + digest));

        assertThat(reference).hasToString("docker.io/library/busybox@sha256:" + digest);
    }

    @Test
    void comparesTheDigestWithTheOneRegistered() throws Unusable {
        var digest = "ab".repeat(32);
        var right = new Program.Image("a@sha256:" + digest, Optional.of(digest.toUpperCase(Locale.ROOT)), false);
        var wrong = new Program.Image("a@sha256:" + digest, Optional.of("cd".repeat(32)), false);

        assertThat(Reference.of(right).digest()).isEqualTo(digest);
        assertThatThrownBy(() -> Reference.of(wrong)).hasMessageContaining("its owner registered");
    }

    private static Program.Image image(String reference) {
        return new Program.Image(reference, Optional.empty(), false);
    }
}
