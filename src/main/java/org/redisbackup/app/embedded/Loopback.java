package org.redisbackup.app.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The address that the embedded servers listen on. */
final class Loopback {
    static final String HOST = "127.0.0.1";

    private Loopback() {}

    static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1}), port);
    }

    /** A port that nothing listens on; another process may take it before it is used, so that callers try again. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address(0));
            return socket.getLocalPort();
        }
    }
}
