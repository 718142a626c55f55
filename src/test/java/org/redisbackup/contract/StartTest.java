package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StartTest {
    /** From the first connection on: a client that gives up on 404 and comes again on 503 finds the service. */
    @Test
    void whoComesTooEarlyIsToldToComeAgain() throws Exception {
        try (RunningService service = RunningService.withoutService()) {
            CompletableFuture<Void> start = CompletableFuture.runAsync(() -> {
                try {
                    service.start();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Set<Integer> answers = new TreeSet<>();
            while (!start.isDone() || answers.isEmpty()) {
                try {
                    answers.add(service.sendUnchecked(service.asAdmin("/migration-tasks"))
                            .statusCode());
                } catch (IOException e) { // nobody listens yet
                    Thread.onSpinWait();
                }
            }
            start.join();
            assertThat(answers).isSubsetOf(200, 503);
        }
    }
}
