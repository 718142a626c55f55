package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.services.s3.S3Client;

/** Where an S3 server says that its objects are elsewhere, nobody goes: it could be the metadata service of a cloud. */
class RedirectTest {
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void isNotFollowed(int status) throws Exception {
        AtomicInteger reached = new AtomicInteger();
        HttpServer elsewhere = server();
        elsewhere.createContext("/", exchange -> {
            reached.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        HttpServer redirecting = server();
        redirecting.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", uri(elsewhere) + exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        try (S3Client client = S3Server.client(uri(redirecting), "any", "any")) {
            S3BackupSource source = new S3BackupSource(client);
            assertThatThrownBy(() -> source.find("bucket", "dump.rdb"))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP " + status);
            assertThatThrownBy(() -> source.list("bucket", "dumps/"))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP " + status);
        } finally {
            redirecting.stop(0);
            elsewhere.stop(0);
        }
        assertThat(reached).hasValue(0);
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return server;
    }

    private static URI uri(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
