package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The master's side of a replication connection: it greets the replica, sends a file as the data set to begin with, and
 * then nothing more. The protocol is that of {@code PSYNC} with the end of the file marked ({@code capa eof}, Redis
 * 2.8.18 and later).
 */
final class ReplicaLink implements Closeable {
    private static final int LINE_LIMIT = 1024;
    private static final int WORDS_LIMIT = 64;
    private static final int MARK_BYTES = 40;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] mark = random();

    private ReplicaLink(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /**
     * Waits for a replica and greets it, until it asks for the data set.
     *
     * @param from addresses that it may come from; whoever else connects is sent away
     * @param timeoutMillis for the connection, and for each of its words
     * @throws SocketTimeoutException when none came
     */
    static ReplicaLink accept(ServerSocket listening, List<InetAddress> from, int timeoutMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("no replica connected");
            }
            listening.setSoTimeout((int) left);
            Socket socket = listening.accept();
            if (from.contains(socket.getInetAddress())) {
                socket.setSoTimeout(timeoutMillis);
                ReplicaLink link = new ReplicaLink(socket);
                link.greet();
                return link;
            }
            socket.close();
        }
    }

    private void greet() throws IOException {
        while (true) {
            String command = command().toUpperCase(Locale.ROOT);
            switch (command) {
                case "PING" -> say("+PONG");
                case "PSYNC" -> {
                    say("+FULLRESYNC " + new String(random(), US_ASCII) + " 0");
                    return;
                }
                case "SYNC" -> throw new IOException("it speaks a replication protocol older than PSYNC");
                default -> say("+OK"); // AUTH and REPLCONF
            }
        }
    }

    /** Where the file is to be written, between {@link #beginFile} and {@link #endFile}. */
    OutputStream file() {
        return out;
    }

    void beginFile() throws IOException {
        say("$EOF:" + new String(mark, US_ASCII));
    }

    void endFile() throws IOException {
        out.write(mark);
        out.flush();
    }

    /**
     * Waits a moment; what the replica says of its progress is of no interest.
     *
     * @return whether it is still connected
     */
    boolean isAliveAfter(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return in.read(new byte[LINE_LIMIT]) >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(US_ASCII));
        out.flush();
    }

    /** The name of the next command, whose other words are gone over. */
    private String command() throws IOException {
        String line = line();
        while (line.isEmpty()) {
            line = line();
        }
        if (!line.startsWith("*")) {
            return line.split(" ", 2)[0];
        }
        int words = number(line, WORDS_LIMIT);
        String name = "";
        for (int i = 0; i < words; i++) {
            byte[] word = in.readNBytes(number(line(), LINE_LIMIT));
            in.readNBytes(2);
            name = i == 0 ? new String(word, US_ASCII) : name;
        }
        return name;
    }

    private static int number(String line, int max) throws IOException {
        String digits = line.length() > 1 ? line.substring(1) : "";
        if (!digits.matches("\\d{1,6}") || Integer.parseInt(digits) > max) {
            throw new IOException("it does not speak the replication protocol");
        }
        return Integer.parseInt(digits);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LINE_LIMIT) {
                throw new IOException("it hung up before it asked for the data set");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** 40 hexadecimal digits, as a replication id has and as no file contains. */
    private static byte[] random() {
        String digits = (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
        return digits.substring(0, MARK_BYTES).getBytes(US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
