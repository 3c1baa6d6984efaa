"""Linear evaluation by scikit-learn's logistic regression: the peer of `simclr bench logistic`.

usage: python logistic.py CASE THREADS PRECISION   (CASE as `src/bench/logistic-case.ts` describes it; PRECISION float32
or float64: what it computes in)
"""
import json
import sys
import warnings

import numpy as np
import sklearn
from protocol import answer
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

case, threads, precision = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
# Products as narrow as ten classes take OpenBLAS twice as long with two threads as with one.
threadpool_limits({"openmp": threads, "blas": 1})
# scikit-learn says so where it stops before the tolerance: at most MAX_ITERATIONS, or where rounding hides progress.
warnings.simplefilter("ignore")
MAX_ITERATIONS = 10_000

rows, width = sum(case["rows"]), case["width"]
data = np.fromfile(case["file"], dtype=np.float32)
features = data[: rows * width].reshape(rows, width).astype(precision)
labels = data[rows * width :].astype(np.int64)
ends = np.cumsum(case["rows"])
parts = [slice(0, ends[0]), slice(ends[0], ends[1]), slice(ends[1], ends[2])]
(train, train_labels), (validation, validation_labels), (test, test_labels) = [
    (features[part], labels[part]) for part in parts
]


def regression(strength):
    return LogisticRegression(
        C=1 / strength, solver="lbfgs", warm_start=True, tol=case["tolerance"], max_iter=MAX_ITERATIONS
    )


def step():
    """Fits the path, chooses a penalty, fits training and validation rows together, and scores the test rows."""
    model, fits, best = regression(case["regularizations"][0]), [], (-1.0,)
    for strength in case["regularizations"]:
        model.set_params(C=1 / strength).fit(train, train_labels)
        fits.append((model.coef_.copy(), model.intercept_.copy()))
        score = model.score(validation, validation_labels)
        if score > best[0]:
            best = (score, strength, *fits[-1])
    _, strength, model.coef_, model.intercept_ = best
    model.set_params(C=1 / strength)
    model.fit(features[: ends[1]], labels[: ends[1]])
    return fits, model.score(test, test_labels)


def report(result):
    """The objectives of the path, sums of losses with the penalty, and the test score."""
    fits, score = result
    objectives = []
    for strength, (weights, bias) in zip(case["regularizations"], fits):
        logits = train.astype(np.float64) @ weights.T + bias
        losses = logsumexp(logits, axis=1) - logits[np.arange(len(logits)), train_labels]
        objectives.append(losses.sum() + strength / 2 * (weights.astype(np.float64) ** 2).sum())
    return {"objectives": objectives, "score": score}


answer(f"scikit-learn {sklearn.__version__} in {precision}", step, report, warm_up_steps=1)
