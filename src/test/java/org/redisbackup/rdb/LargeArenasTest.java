package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.LargeArenas.Arena;

class LargeArenasTest {
    private static final int LONGEST = 1_000_000;

    private final LargeArenas arenas = new LargeArenas(2L * LONGEST, LONGEST);

    @Test
    void usesThemAgain() throws IOException {
        Arena first = arenas.take(10);
        arenas.giveBack(first);
        assertThat(full()).isSameAs(first);
        assertThat(first.bytes()).hasSize(LONGEST);
        assertThat(full()).isNotSameAs(first);
    }

    @Test
    void theNextBeginsInWhatOneLeaves() throws Exception {
        Arena shared = arenas.take(10);
        shared.keep(700_000);
        assertThat(arenas.take(10)).isSameAs(shared);
        assertThat(shared.start()).isEqualTo(700_000);
        assertThat(shared.end()).as("room for what else belongs to a batch").isEqualTo(LONGEST - RdbInput.MARGIN);
        Arena second = arenas.exchange(shared, 50_000);
        assertThat(second).isNotSameAs(shared);
        second.keep(900_000);
        CompletableFuture<Arena> third = waiting();
        arenas.giveBack(shared);
        assertThat(third.get(10, TimeUnit.SECONDS)).isSameAs(shared);
        assertThat(shared.start()).isZero();
    }

    @Test
    void waitsForOneToBeGivenBack() throws Exception {
        Arena first = full();
        full();
        CompletableFuture<Arena> third = waiting();
        arenas.giveBack(first);
        assertThat(third.get(10, TimeUnit.SECONDS)).isSameAs(first);
    }

    @Test
    void closingEndsAWait() throws Exception {
        full();
        full();
        CompletableFuture<Arena> third = waiting();
        arenas.close();
        assertThatThrownBy(() -> third.get(10, TimeUnit.SECONDS))
                .hasRootCauseMessage("the backup was closed before its end");
    }

    @Test
    void oneAloneMayBeLonger() throws Exception {
        Arena outgrown = arenas.take(10);
        Arena longer = arenas.exchange(outgrown, 5_000_000);
        assertThat(longer.bytes()).hasSize(5_000_000 + RdbInput.MARGIN);
        longer.keep(longer.end());
        CompletableFuture<Arena> next = waiting();
        arenas.giveBack(longer);
        assertThat(next.get(10, TimeUnit.SECONDS).bytes()).hasSize(LONGEST);
    }

    @Test
    void withoutALimitNobodyWaitsOrShares() throws IOException {
        LargeArenas unlimited = new LargeArenas(0, LONGEST);
        Arena first = unlimited.take(10);
        assertThat(first.bytes()).hasSize(10 + RdbInput.MARGIN);
        for (int i = 0; i < 10; i++) {
            assertThat(unlimited.take(5).start()).isZero();
            assertThat(unlimited.take(LONGEST).bytes()).hasSize(LONGEST + RdbInput.MARGIN);
        }
        unlimited.giveBack(first);
        assertThat(unlimited.take(10)).isNotSameAs(first);
    }

    private Arena full() throws IOException {
        Arena arena = arenas.take(10);
        arena.keep(arena.end());
        return arena;
    }

    private CompletableFuture<Arena> waiting() {
        CompletableFuture<Arena> arena = CompletableFuture.supplyAsync(() -> {
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
