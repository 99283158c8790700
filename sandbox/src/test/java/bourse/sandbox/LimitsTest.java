package bourse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void aWasiProgramGetsNoMoreThanItCanAddress() {
        var large = Limits.DEFAULT.withMemory(8L << 30).withCores(16);

        assertThat(large.ofWasi().memoryBytes()).isEqualTo((2L << 30) - (64 << 10));
        assertThat(large.ofWasi().pages()).isEqualTo(32_767);
        assertThat(large.ofWasi().cores()).isEqualTo(1);
        assertThat(Limits.DEFAULT.ofWasi()).isEqualTo(Limits.DEFAULT);
    }
}
