package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LargeArenasTest {
    private static final int LONGEST = 1000;

    private final LargeArenas arenas = new LargeArenas(2L * LONGEST, LONGEST);

    @Test
    void usesThemAgain() throws IOException {
        byte[] first = arenas.take(10);
        arenas.giveBack(first);
        assertThat(arenas.take(1000)).isSameAs(first).hasSize(LONGEST);
        assertThat(arenas.take(10)).isNotSameAs(first);
    }

    @Test
    void waitsForOneToBeGivenBack() throws Exception {
        byte[] first = arenas.take(10);
        arenas.take(10);
        CompletableFuture<byte[]> third = waiting();
        arenas.giveBack(first);
        assertThat(third.get(10, TimeUnit.SECONDS)).isSameAs(first);
    }

    @Test
    void closingEndsAWait() throws Exception {
        arenas.take(10);
        arenas.take(10);
        CompletableFuture<byte[]> third = waiting();
        arenas.close();
        assertThatThrownBy(() -> third.get(10, TimeUnit.SECONDS))
                .hasRootCauseMessage("the backup was closed before its end");
    }

    @Test
    void oneAloneMayBeLonger() throws Exception {
        byte[] outgrown = arenas.take(10);
        outgrown[9] = 7;
        byte[] longer = arenas.exchange(outgrown, 5000);
        assertThat(longer).hasSize(5000);
        assertThat(longer[9]).isEqualTo((byte) 7);
        CompletableFuture<byte[]> next = waiting();
        arenas.giveBack(longer);
        assertThat(next.get(10, TimeUnit.SECONDS)).hasSize(LONGEST);
    }

    @Test
    void withoutALimitNobodyWaits() throws IOException {
        LargeArenas unlimited = new LargeArenas(0, LONGEST);
        byte[] first = unlimited.take(10);
        assertThat(first).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(unlimited.take(LONGEST)).hasSize(LONGEST);
        }
        unlimited.giveBack(first);
        assertThat(unlimited.take(10)).isNotSameAs(first);
    }

    private CompletableFuture<byte[]> waiting() {
        CompletableFuture<byte[]> arena = CompletableFuture.supplyAsync(() -> {
            try {
                return arenas.take(10);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatThrownBy(() -> arena.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        return arena;
    }
}
