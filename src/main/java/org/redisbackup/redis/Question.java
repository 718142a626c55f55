package org.redisbackup.redis;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One command whose reply somebody waits for. All commands sent before it are answered by then. */
final class Question implements ReplySink {
    /**
     * @param text the line of the reply
     */
    record Answer(ReplyKind kind, String text) {}

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private Answer taken;

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) {
        taken = new Answer(kind, reply.text());
        return true;
    }

    @Override
    public void complete() {
        answer.complete(taken);
    }

    @Override
    public void lost(IOException why) {
        answer.completeExceptionally(why);
    }

    @Override
    public boolean isAwaited() {
        return true;
    }

    /**
     * Waits for the reply.
     *
     * @throws IOException when the connection breaks before it comes
     */
    Answer await() throws IOException {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
