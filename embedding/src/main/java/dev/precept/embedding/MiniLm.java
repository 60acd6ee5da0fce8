package dev.precept.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.precept.model.EmbeddedModel;
import dev.precept.model.EmbeddingModel;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The sentence transformer all-MiniLM-L6-v2, quantised, in this process: 384 numbers for a text. It reads the first
 * {@value #MOST_TOKENS} tokens, in windows whose vectors are averaged. The same text gives the same bytes on one machine.
 * Thread-safe.
 */
public final class MiniLm implements EmbeddingModel {
    /** Identifies the vectors of this model. */
    public static final String NAME = "all-MiniLM-L6-v2-q";

    private static final int MOST_TOKENS = 2032;
    /** The model was trained with windows of at most 256 tokens, of which two mark the ends. */
    private static final int WINDOW = 254;

    private static final int BATCH = 64;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WordPiece tokenizer;
    private final int concurrency;

    private MiniLm(OrtEnvironment environment, OrtSession session, WordPiece tokenizer, int concurrency) {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
        this.concurrency = concurrency;
    }

    /**
     * Loads the model from the class path.
     *
     * @param threads that call it
     * @throws Misconfigured if this system cannot run it
     */
    public static MiniLm load(int threads) throws Misconfigured {
        OrtEnvironment environment = OnnxLibrary.load();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                InputStream model = resource("/all-minilm-l6-v2-q.onnx");
                InputStream vocabulary = resource("/all-minilm-l6-v2-q-tokenizer.json")) {
            // One thread for each text: the sum of floats depends on how work is divided.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return new MiniLm(
                    environment,
                    environment.createSession(model.readAllBytes(), options),
                    WordPiece.read(vocabulary),
                    threads);
        } catch (IOException | OrtException e) {
            throw new Misconfigured("the embedded model cannot be loaded: " + e.getMessage());
        }
    }

    /** Loads this model for those who do not know it. */
    public static final class Provider implements EmbeddedModel {
        @Override
        public EmbeddingModel load(int threads) throws ModelCallException {
            return MiniLm.load(threads);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = MiniLm.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException(name + " is not on the class path");
        }
        return in;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public int concurrency() {
        return concurrency;
    }

    /** Texts are computed one by one: the scale of the quantised activations would depend on the others. */
    @Override
    public List<float[]> embed(List<String> texts) throws ModelCallException {
        List<float[]> vectors = new ArrayList<>(texts.size());
        try {
            for (String text : texts) {
                vectors.add(embed(text));
            }
        } catch (OrtException e) {
            throw new Misconfigured("the embedded model failed: " + e.getMessage());
        }
        return vectors;
    }

    private float[] embed(String text) throws OrtException {
        long[] tokens = tokenizer.encode(text, MOST_TOKENS);
        double[] sum = new double[0];
        for (int from = 0; from == 0 || from < tokens.length; from += WINDOW) {
            float[][] states = states(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + WINDOW)));
            if (from == 0) {
                sum = new double[states[0].length];
            }
            for (float[] state : states) {
                for (int n = 0; n < sum.length; n++) {
                    sum[n] += state[n];
                }
            }
        }
        double square = 0;
        for (double each : sum) {
            square += each * each;
        }
        float[] vector = new float[sum.length];
        for (int n = 0; n < sum.length; n++) {
            vector[n] = (float) (sum[n] / Math.sqrt(square));
        }
        return vector;
    }

    /** The last hidden states of a window, by token. */
    private float[][] states(long[] window) throws OrtException {
        long[][] ids = new long[1][window.length + 2];
        ids[0][0] = tokenizer.id("[CLS]");
        System.arraycopy(window, 0, ids[0], 1, window.length);
        ids[0][window.length + 1] = tokenizer.id("[SEP]");
        long[][] mask = new long[1][ids[0].length];
        Arrays.fill(mask[0], 1);
        try (OnnxTensor input = OnnxTensor.createTensor(environment, ids);
                OnnxTensor attention = OnnxTensor.createTensor(environment, mask);
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][ids[0].length]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", input, "attention_mask", attention, "token_type_ids", types))) {
            return ((float[][][]) result.get(0).getValue())[0];
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the embedded model cannot be closed", e);
        }
    }
}
