"""The words simulated texts are made of. None of them is one of the five keywords.

Near misses are here on purpose: robotic, robotics, extreme learning machine, face recognition,
speech synthesis, pattern mining.
"""

from __future__ import annotations

QUALITIES = (
    "Adaptive", "Robust", "Hierarchical", "Sparse", "Incremental", "Distributed", "Multi-scale",
    "Fast", "Bayesian", "Constrained", "Cooperative", "Hybrid", "Online", "Weighted", "Fuzzy",
    "Interpretable",
)  # fmt: skip
METHODS = (
    "neural networks", "support vector machines", "kernel regression", "particle swarm search",
    "graph embedding", "extreme learning machine", "hidden Markov models", "random forests",
    "wavelet decomposition", "dictionary learning", "Gaussian processes", "genetic algorithms",
    "deep convolutional features", "subspace clustering", "reinforcement signals",
    "fuzzy inference", "rough sets", "manifold alignment", "ant colony optimization",
    "sliding mode control", "attention mechanisms", "boosted decision trees",
    "low-rank approximation", "case-based reasoning",
)  # fmt: skip
TASKS = {
    "robotics": (
        "trajectory planning", "grasp synthesis", "visual servoing", "obstacle avoidance",
        "gait generation", "robotic assembly", "formation control", "joint torque estimation",
        "underwater navigation", "robotics education",
    ),
    "learning": (
        "face recognition", "image classification", "text categorization", "pattern mining",
        "feature selection", "video retrieval", "recommendation", "anomaly detection",
        "link prediction", "time series forecasting",
    ),
    "speech": (
        "speech synthesis", "speaker verification", "channel estimation", "noise suppression",
        "machine translation", "dialogue management", "emotion detection", "signal separation",
        "spectrum sensing", "tone modelling",
    ),
    "health": (
        "lesion segmentation", "gene expression analysis", "surgical robotics", "drug screening",
        "electroencephalogram decoding", "prognosis of stroke", "protein structure prediction",
        "retinal image grading", "fall detection", "rehabilitation assessment",
    ),
    "earth": (
        "land cover mapping", "rainfall forecasting", "seismic inversion", "crop disease detection",
        "mine safety assessment", "oil reservoir evaluation", "flood warning", "soil mapping",
        "ocean current estimation", "mineral prospecting",
    ),
    "industry": (
        "fault diagnosis", "load forecasting", "traffic flow prediction", "tool wear monitoring",
        "process scheduling", "wind power prediction", "rail surface inspection",
        "supplier evaluation", "bearing life prediction", "microgrid dispatch",
    ),
}  # fmt: skip
SETTINGS = (
    "under uncertainty", "with limited samples", "in complex scenes", "for large-scale data",
    "in noisy environments", "with missing values", "on embedded hardware", "in real time",
    "for small enterprises", "with imbalanced classes", "in mountainous areas",
    "with heterogeneous sensors", "over wireless networks", "for the elderly", "in smart cities",
    "with expert knowledge",
)  # fmt: skip
TITLES = (
    "{quality} {method} for {task} {setting}",
    "{task} {setting} using {quality} {method}",
    "A study of {task} {setting} based on {quality} {method}",
    "Research on {quality} {method} and its application to {task} {setting}",
    "{quality} {method}: a framework for {task} {setting}",
)
KEYWORD_TITLES = (
    "{keyword} and {quality} {method} for {task} {setting}",
    "{task} {setting} by means of {keyword} and {quality} {method}",
    "From {keyword} to {task} {setting}: {quality} {method}",
    "{quality} {method} and {keyword} in {task} {setting}",
)
OPENINGS = (
    "The problem of {task} has received growing attention in recent years for its practical value.",
    "Reliable {task} {setting} remains difficult, and existing methods often need manual tuning.",
    "This paper studies {task} {setting} and proposes an approach built on {method}.",
    "In order to improve {task}, a scheme that combines {method} with prior knowledge is given.",
    "Traditional approaches to {task} suffer from high cost and low accuracy {setting}.",
)
MIDDLES = (
    "First, the raw measurements are normalised and a compact set of features is drawn from them.",
    "A two-stage procedure is designed, in which {method} cut the dimension before the decision.",
    "The parameters are estimated by an iterative algorithm whose convergence is shown.",
    "We further introduce a penalty term that keeps the solution stable when the samples are few.",
    "Compared with {other}, the proposed model needs fewer parameters and less computing time.",
    "The structure of the data is given by a graph, and its edges change as new samples arrive.",
    "Expert rules are encoded as constraints, so that the output keeps within physical limits.",
    "The influence of each factor is ranked, and redundant factors are removed step by step.",
)
RESULTS = (
    "Experiments on {count} samples show that the accuracy rises from {low} % to {high} %.",
    "Simulation results indicate that the error falls by {gain} % against the baseline methods.",
    "On a public data set the method reaches an accuracy of {high} % with {count} samples.",
    "Field tests over {count} hours confirm that the average deviation is below {gain} %.",
)
CLOSINGS = (
    "The findings offer a useful reference for further work on {task}.",
    "The approach is simple to implement and can be extended to related problems.",
    "These results suggest that {method} deserve more attention in this field.",
    "Limits of the study and directions for future research are discussed at the end.",
)
KEYWORD_SENTENCES = (
    "The work draws on recent progress in {keyword} and adapts it to the task at hand.",
    "In contrast to earlier studies, {keyword} is seen together with the constraints of practice.",
    "The relation between {keyword} and {task} is examined in detail.",
    "A case that involves {keyword} illustrates each step of the procedure.",
)
COPYRIGHTS = (
    "© {year} Simulated Press. All rights reserved.",
    "© {year} The Simulated Society of Engineers.",
    "© {year}, Invented Publishing House Ltd.",
    "Copyright © {year} Imaginary Science Publishers.",
)
KEYWORD_COPYRIGHTS = (
    "© {year} Simulated Association for Artificial Intelligence. All rights reserved.",
    "© {year} Simulated Society for Artificial Intelligence.",
    "© {year} Imaginary Union of Pattern Recognition.",
)
INDEX_TERMS = (
    "Algorithms", "Optimization", "Mathematical models", "Computer simulation",
    "Feature extraction", "Data mining", "Neural networks",
    "Classification (of information)", "Signal processing",
    "Image processing", "Control systems", "Robotics", "Learning algorithms", "Forecasting",
    "Decision making", "Speech processing", "Article", "Human", "Sensors", "Cluster analysis",
)  # fmt: skip

FORMS = {
    "Artificial Intelligence": (
        "artificial intelligence", "artificial intelligence", "Artificial Intelligence",
        "artificial-intelligence", "artificial intelligence's",
    ),
    "Machine learning": (
        "machine learning", "machine learning", "Machine learning", "machine-learning",
        "Machine Learning", "machine learning's",
    ),
    "robot": (
        "robot", "robots", "mobile robots", "Robot", "multi-robot", "robot's", "ROBOTS",
        "a robot-assisted design",
    ),
    "Speech Recognition": (
        "speech recognition", "automatic speech recognition", "Speech Recognition",
        "speech-recognition", "speech recognition's",
    ),
    "pattern recognition": (
        "pattern recognition", "statistical pattern recognition", "Pattern Recognition",
        "pattern-recognition", "pattern recognitions",
    ),
}  # fmt: skip
TERMS = {
    "Artificial Intelligence": (
        "Artificial intelligence", "Artificial Intelligence", "Artificial intelligence (AI)",
    ),
    "Machine learning": (
        "Machine learning", "Machine-learning", "Statistical machine learning", "MACHINE LEARNING",
    ),
    "robot": ("Robots", "Robot", "Mobile robots", "Robots, Industrial", "Multi-robot systems"),
    "Speech Recognition": (
        "Speech recognition", "Automatic speech recognition", "Continuous speech recognition",
    ),
    "pattern recognition": (
        "Pattern recognition", "Pattern recognition, automated", "Pattern recognition systems",
    ),
}  # fmt: skip
"""How a keyword is written in running text, and as a keyword of its own."""
JOURNALS = tuple(
    f"Simulated {kind} of {subject}"
    for subject in (
        "Automation", "Computing Practice", "Signals and Systems", "Intelligent Machines",
        "Applied Mathematics", "Remote Sensing", "Medical Informatics", "Power Engineering",
        "Language Technology", "Control Theory", "Image Analysis", "Transport Studies",
        "Materials Data", "Network Science", "Agricultural Engineering",
    )
    for kind in ("Journal", "Transactions", "Letters")
)  # fmt: skip
