package org.redisbackup.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A connection on which anything can be sent, well-formed or not. Who waits a minute for an answer has waited in vain. */
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    /**
     * An answer.
     *
     * @param headers by name in lower case
     */
    record Answer(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    RawHttp(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends one request and reads its answer; empty when the server said nothing. */
    static Optional<Answer> exchange(URI server, byte[] request) throws IOException {
        try (RawHttp connection = new RawHttp(server)) {
            connection.send(request);
            return connection.read(false);
        }
    }

    static Optional<Answer> exchange(URI server, String request) throws IOException {
        return exchange(server, request.getBytes(StandardCharsets.UTF_8));
    }

    /** A server that has heard enough may close the connection before all is sent. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // what it answered, if anything, can be read
        }
    }

    /** No more comes from this side. */
    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * The next answer, or empty when the server closes the connection before it begins one.
     *
     * @param toHead whether it has no body because a HEAD was asked
     * @throws EOFException when the server closes the connection in the middle of one
     */
    Optional<Answer> read(boolean toHead) throws IOException {
        String first = line();
        if (first == null) {
            return Optional.empty();
        }
        int status = Integer.parseInt(first.split(" ")[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = wholeLine(); !line.isEmpty(); line = wholeLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        if (status == 100) {
            return read(toHead);
        }
        byte[] body = toHead || status == 204 ? new byte[0] : body(headers);
        return Optional.of(new Answer(status, headers, new String(body, StandardCharsets.UTF_8)));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return whole(Integer.parseInt(headers.get("content-length")));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(wholeLine(), 16); size > 0; size = Integer.parseInt(wholeLine(), 16)) {
            all.write(whole(size));
            wholeLine();
        }
        wholeLine();
        return all.toByteArray();
    }

    private byte[] whole(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("the answer is cut off");
        }
        return bytes;
    }

    private String wholeLine() throws IOException {
        String line = line();
        if (line == null) {
            throw new EOFException("the answer is cut off");
        }
        return line;
    }

    /** Without its end; null at the end of the stream, also when the server resets the connection. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                line.write(b);
            }
        } catch (SocketException e) {
            return null;
        }
        return line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
