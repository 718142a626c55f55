package org.redisbackup.api.auth;

import java.io.ByteArrayOutputStream;

/** Percent-encoding as signatures use it: RFC 3986 with every byte encoded that is not unreserved. */
final class PercentEncoding {
    private static final String UNRESERVED = "-_.~";
    private static final int HEX = 16;

    private PercentEncoding() {}

    /**
     * The one way to write what clients may write in several.
     *
     * @param received a segment of a path, or a name or value of a query
     * @param plusIsSpace as in queries
     * @throws AuthenticationException when it is not percent-encoded ASCII
     */
    static String normalize(String received, boolean plusIsSpace) {
        StringBuilder encoded = new StringBuilder(received.length());
        for (byte each : decode(received, plusIsSpace)) {
            int value = Byte.toUnsignedInt(each);
            if (isUnreserved(value)) {
                encoded.append((char) value);
            } else {
                encoded.append('%').append(digit(value / HEX)).append(digit(value % HEX));
            }
        }
        return encoded.toString();
    }

    private static byte[] decode(String received, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(received.length());
        for (int i = 0; i < received.length(); i++) {
            char c = received.charAt(i);
            if (c == '%') {
                bytes.write(value(received, i + 1) * HEX + value(received, i + 2));
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes.write(' ');
            } else if (c > ' ' && c < 0x7f) {
                bytes.write(c);
            } else {
                throw undecodable();
            }
        }
        return bytes.toByteArray();
    }

    private static int value(String received, int i) {
        char c = i < received.length() ? received.charAt(i) : ' ';
        if (!isAlphanumeric(c) || Character.digit(c, HEX) < 0) {
            throw undecodable();
        }
        return Character.digit(c, HEX);
    }

    private static char digit(int value) {
        return Character.toUpperCase(Character.forDigit(value, HEX));
    }

    private static boolean isUnreserved(int c) {
        return isAlphanumeric(c) || UNRESERVED.indexOf(c) >= 0;
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static AuthenticationException undecodable() {
        return AuthenticationException.signature("the URL is not percent-encoded");
    }
}
