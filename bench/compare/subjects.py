"""What the sixteen small topics are about: eight subjects, each with two sets of numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """Three cells of code and the lines of a figure; `SEED` and `SPREAD` in them become a topic's own numbers."""

    slug: str
    titles: tuple[str, str, str]  # English, Spanish, Chinese
    leads: tuple[str, str, str]  # how the first sentence goes on after the title
    axes: tuple[tuple[str, str, str], tuple[str, str, str]]  # the figure's two labels
    size: int  # of the data: the number that an edit of the first cell changes
    data: str
    method: str
    second: str  # the same in PyTorch
    plot: str  # draws the first `shown` points on `ax`
    result: str  # the expression that the page prints


STEP = ("step", "paso", "步数")

SUBJECTS = (
    Subject(
        "line-fitting",
        ("Line Fitting", "Ajuste de una recta", "直线拟合"),
        (
            "finds the line with the smallest squared distances to given points.",
            "halla la recta con las menores distancias al cuadrado a los puntos dados.",
            "寻找到给定各点的距离平方和最小的直线。",
        ),
        (("input", "entrada", "输入"), ("output", "salida", "输出")),
        400,
        """\
x = random.uniform(-2.0, 2.0, size)
y = 1.5 * x - 0.5 + random.normal(scale=SPREAD, size=size)
""",
        """\
X = np.stack([x, np.ones(size)], axis=1)
line = np.linalg.solve(X.T @ X, X.T @ y)
residual = y - X @ line
""",
        """\
other = torch.linalg.lstsq(torch.tensor(X), torch.tensor(y)[:, None]).solution[:, 0]
verify.close("the line against PyTorch", line, other, rtol=1e-8)
""",
        """\
ax.plot(x[:shown], y[:shown], "o", markersize=3)
ax.plot([-2, 2], [line[1] - 2 * line[0], line[1] + 2 * line[0]])
""",
        "residual.std()",
    ),
    Subject(
        "steepest-descent",
        ("Steepest Descent", "Descenso más rápido", "最速下降"),
        (
            "follows the negative gradient of a bowl down to its lowest point.",
            "sigue el gradiente negativo de un cuenco hasta su punto más bajo.",
            "沿着碗形函数的负梯度走到它的最低点。",
        ),
        (STEP, ("gap", "diferencia", "差距")),
        40,
        """\
A = random.normal(size=(size, size))
A = A @ A.T / size + SPREAD * np.eye(size)
b = random.normal(size=size)
""",
        """\
rate = 1 / np.linalg.eigvalsh(A).max()
x, path = np.zeros(size), []
for _ in range(300):
    path.append(0.5 * x @ A @ x - b @ x)
    x = x - rate * (A @ x - b)
best = -0.5 * b @ np.linalg.solve(A, b)
gap = np.array(path) - best
""",
        """\
point = torch.zeros(size, dtype=torch.float64, requires_grad=True)
matrix, right = torch.tensor(A), torch.tensor(b)
descent = torch.optim.SGD([point], lr=rate)
for _ in range(300):
    descent.zero_grad()
    (0.5 * point @ matrix @ point - right @ point).backward()
    descent.step()
verify.close("the last point against PyTorch", x, point, rtol=1e-6)
""",
        'ax.semilogy(gap[: shown // 4], "o-", markersize=3)\n',
        "gap[20]",
    ),
    Subject(
        "power-iteration",
        ("Power Iteration", "Iteración de potencias", "幂迭代"),
        (
            "applies a matrix again and again until only its strongest direction is left.",
            "aplica una matriz una y otra vez hasta que solo queda su dirección más fuerte.",
            "反复乘以一个矩阵，直到只剩下它最强的方向。",
        ),
        (STEP, ("estimate", "estimación", "估计值")),
        60,
        """\
A = random.normal(size=(size, size))
A = (A + A.T) / 2 + SPREAD * size * np.outer(np.ones(size), np.ones(size)) / size
""",
        """\
v, path = np.ones(size) / np.sqrt(size), []
for _ in range(400):
    w = A @ v
    path.append(v @ w)
    v = w / np.linalg.norm(w)
path = np.array(path)
""",
        """\
spectrum = torch.linalg.eigvalsh(torch.tensor(A))
verify.close("the largest eigenvalue against PyTorch", path[-1], spectrum[-1], rtol=1e-6)
""",
        'ax.plot(path[:shown], "o-", markersize=3)\n',
        "path[-1]",
    ),
    Subject(
        "area-by-chance",
        ("Area by Chance", "Área al azar", "随机求面积"),
        (
            "estimates the area of a shape by the share of random points that fall into it.",
            "estima el área de una figura por la proporción de puntos aleatorios que caen en ella.",
            "用落入图形的随机点所占的比例来估计它的面积。",
        ),
        (("points", "puntos", "点数"), ("area", "área", "面积")),
        50000,
        """\
points = random.uniform(-1.0, 1.0, size=(size, 2))
radius = SPREAD
""",
        """\
inside = (points**2).sum(axis=1) < radius**2
area = 4 * np.cumsum(inside) / np.arange(1, size + 1)
""",
        """\
squares = torch.tensor(points).square().sum(dim=1)
share = (squares < radius**2).double().mean()
verify.close("the area against PyTorch", area[-1], 4 * share, rtol=1e-12)
""",
        """\
ax.plot(area[: 20 * shown])
ax.axhline(np.pi * radius**2, color="black", linestyle=":")
""",
        "area[-1]",
    ),
    Subject(
        "moving-average",
        ("Moving Average", "Media móvil", "移动平均"),
        (
            "replaces each value of a signal by the mean of its neighbors.",
            "sustituye cada valor de una señal por la media de sus vecinos.",
            "把信号的每个值换成它邻近各值的平均。",
        ),
        (("time", "tiempo", "时间"), ("signal", "señal", "信号")),
        2000,
        """\
t = np.arange(size) / 100
signal = np.sin(t) + SPREAD * random.normal(size=size)
""",
        """\
width = 25
window = np.ones(width) / width
smooth = np.convolve(signal, window, mode="valid")
""",
        """\
row = torch.tensor(signal)[None, None, :]
other = torch.nn.functional.conv1d(row, torch.tensor(window)[None, None, :])[0, 0]
verify.close("the averages against PyTorch", smooth, other, rtol=1e-8)
""",
        """\
ax.plot(t[: 5 * shown], signal[: 5 * shown], linewidth=0.8)
ax.plot(t[: 5 * shown], smooth[: 5 * shown])
""",
        "smooth.std()",
    ),
    Subject(
        "logistic-regression",
        ("Logistic Regression", "Regresión logística", "逻辑回归"),
        (
            "learns from examples how likely the answer yes is.",
            "aprende de ejemplos lo probable que es la respuesta afirmativa.",
            "从样本中学习回答为是的可能性。",
        ),
        (STEP, ("loss", "pérdida", "损失")),
        500,
        """\
X = random.normal(size=(size, 3))
chance = 1 / (1 + np.exp(-X @ np.array([1.0, -2.0, SPREAD])))
y = (random.uniform(size=size) < chance).astype(float)
""",
        """\
w, path = np.zeros(3), []
for _ in range(200):
    p = 1 / (1 + np.exp(-X @ w))
    path.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    w = w - X.T @ (p - y) / size
path = np.array(path)
""",
        """\
weights = torch.zeros(3, dtype=torch.float64, requires_grad=True)
descent = torch.optim.SGD([weights], lr=1.0)
loss = torch.nn.BCEWithLogitsLoss()
for _ in range(200):
    descent.zero_grad()
    loss(torch.tensor(X) @ weights, torch.tensor(y)).backward()
    descent.step()
verify.close("the weights against PyTorch", w, weights, rtol=1e-6)
""",
        "ax.plot(path[:shown])\n",
        "path[-1]",
    ),
    Subject(
        "principal-components",
        ("Principal Components", "Componentes principales", "主成分"),
        (
            "turn data so that few directions carry most of the variance.",
            "giran los datos de modo que pocas direcciones contienen casi toda la varianza.",
            "旋转数据，使少数方向包含大部分方差。",
        ),
        (
            ("first component", "primera componente", "第一主成分"),
            ("second component", "segunda componente", "第二主成分"),
        ),
        600,
        """\
mixing = random.normal(size=(8, 8)) * SPREAD ** np.arange(8)[:, None]
X = random.normal(size=(size, 8)) @ mixing
X = X - X.mean(axis=0)
""",
        """\
values, directions = np.linalg.eigh(X.T @ X / size)
share = values[::-1] / values.sum()
turned = X @ directions[:, ::-1]
turned = turned * np.sign(turned[0])
""",
        """\
singular = torch.linalg.svdvals(torch.tensor(X))
verify.close("the variances against PyTorch", values[::-1], singular.square() / size, rtol=1e-7)
""",
        'ax.plot(turned[:shown, 0], turned[:shown, 1], "o", markersize=3)\n',
        "share[0]",
    ),
    Subject(
        "markov-chain",
        ("Markov Chain", "Cadena de Markov", "马尔可夫链"),
        (
            "forgets where it came from, and settles into fixed shares of time in each state.",
            "olvida de dónde viene y acaba pasando una parte fija del tiempo en cada estado.",
            "会忘记自己从哪里来，最终在每个状态停留固定比例的时间。",
        ),
        (STEP, ("share", "proporción", "比例")),
        12,
        """\
P = random.uniform(size=(size, size)) ** (5 * SPREAD)
P = P / P.sum(axis=1, keepdims=True)
""",
        """\
shares, path = np.eye(size)[0], []
for _ in range(250):
    path.append(shares)
    shares = shares @ P
path = np.array(path)
""",
        """\
system = torch.tensor(P).T - torch.eye(size, dtype=torch.float64)
system[-1] = 1.0
right = torch.zeros(size, dtype=torch.float64)
right[-1] = 1.0
verify.close("the shares against PyTorch", shares, torch.linalg.solve(system, right), rtol=1e-8)
""",
        "ax.plot(path[:shown, :4])\n",
        "shares.max()",
    ),
)
