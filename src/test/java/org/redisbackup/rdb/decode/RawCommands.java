package org.redisbackup.rdb.decode;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Sends commands as they are to a server, and says which it refused. */
final class RawCommands implements CommandSink, AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int sent;

    RawCommands(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    @Override
    public void command(byte[] resp, int offset, int length) throws IOException {
        out.write(resp, offset, length);
        sent++;
    }

    /** Errors among the replies to all commands so far. */
    List<String> readReplies() throws IOException {
        List<String> errors = new ArrayList<>();
        for (; sent > 0; sent--) {
            readReply(errors);
        }
        return errors;
    }

    private void readReply(List<String> errors) throws IOException {
        String line = line();
        switch (line.charAt(0)) {
            case '-' -> errors.add(line);
            case '$' -> in.skipNBytes(line.equals("$-1") ? 0 : Integer.parseInt(line.substring(1)) + 2);
            case '*' -> {
                for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
                    readReply(errors);
                }
            }
            default -> {}
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the server closed the connection");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
