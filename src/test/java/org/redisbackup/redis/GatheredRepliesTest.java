package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GatheredRepliesTest {
    private final PipedOutputStream server = new PipedOutputStream();

    private void answer(String replies) {
        try {
            server.write(replies.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesWhatCameDuringThePause() throws IOException {
        PipedInputStream socket = new PipedInputStream(server);
        answer("+O");
        GatheredReplies replies = new GatheredReplies(socket, () -> true, () -> answer("K\r\n"));
        byte[] bytes = new byte[10];
        assertThat(replies.read(bytes, 0, 10)).isEqualTo(5);
        assertThat(bytes).startsWith('+', 'O', 'K', '\r', '\n');
    }

    @Test
    void readsAtOnceWhatSomebodyMisses() throws IOException {
        PipedInputStream socket = new PipedInputStream(server);
        answer("+OK\r\n");
        GatheredReplies replies = new GatheredReplies(socket, () -> false, () -> answer("+OK\r\n"));
        assertThat(replies.read(new byte[100], 0, 100)).isEqualTo(5);
    }
}
