package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    /** Gives at most so many bytes a read. */
    private static ReplyReader reader(String replies, int portion) {
        byte[] bytes = replies.getBytes(StandardCharsets.UTF_8);
        return new ReplyReader(new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, portion));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100_000})
    void tellsRepliesApart(int portion) throws IOException {
        String longText = "ERR " + "x".repeat(200_000);
        ReplyReader reader = reader(
                "+OK\r\n+OK\r\n:1\r\n-BUSYKEY Target key name already exists.\r\n+OKAY\r\n$4\r\nli\r\n\r\n$-1\r\n+OK\r\n-"
                        + longText + "\r\n-OOM command not allowed\r\n+OK\r\n",
                portion);
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThat(reader.text()).isEqualTo("OK");
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThat(reader.text()).isEqualTo("1");
        assertThat(reader.next()).isEqualTo(ReplyKind.BUSY_KEY);
        assertThat(reader.text()).isEqualTo("BUSYKEY Target key name already exists.");
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThat(reader.text()).isEqualTo("OKAY");
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThat(reader.next()).isEqualTo(ReplyKind.NULL);
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThat(reader.next()).isEqualTo(ReplyKind.OTHER_ERROR);
        assertThat(reader.text()).isEqualTo(longText);
        assertThat(reader.next()).isEqualTo(ReplyKind.OUT_OF_MEMORY);
        assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void anArrayIsOneReply(int portion) throws IOException {
        ReplyReader reader = reader(
                "*3\r\n*2\r\n$4\r\n\r\n*9\r\n:1\r\n-ERR of a script\r\n$-1\r\n+OK\r\n*0\r\n*-1\r\n-OOM last\r\n",
                portion);
        for (int i = 0; i < 4; i++) {
            assertThat(reader.next()).isEqualTo(ReplyKind.OK);
        }
        assertThat(reader.next()).isEqualTo(ReplyKind.OUT_OF_MEMORY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n", "%1\r\n+OK\r\n:1\r\n", "\r\n", "$x\r\n"})
    void refusesWhatIsNoReply(String bytes) {
        assertThatThrownBy(() -> reader(bytes, 100).next()).isInstanceOf(IOException.class);
    }
}
